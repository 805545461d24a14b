"""`banshi seal-files`: files of applicants encrypted, or their keys wrapped anew."""

from banshi.command.cli import app, django_ready, screen


@app.command()
def seal_files() -> None:
    """把申请人的文件加密存放；换了 BANSHI_FILE_KEYS 以后，用新密钥重新封装。"""
    with django_ready():
        from banshi import files
        from banshi.core.clock import now
        from banshi.ledger import System

        done = files.seal_kept(by=System("seal-files"), at=now())
        swept = files.sweep(at=now())
        screen.print(f"加密或换了密钥的文件 {done} 个，清理明文 {swept} 个。", highlight=False)

from banshi.command import app

app()

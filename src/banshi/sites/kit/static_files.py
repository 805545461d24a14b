"""Static files under names that hold their digest, so that browsers keep them a year."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Give collected files their hashed name, and files nobody collected (tests, commands) their own."""

    manifest_strict = False

    def hashed_name(self, name: str, *args: object, **options: object) -> str:
        try:
            return str(super().hashed_name(name, *args, **options))
        except ValueError:
            return name

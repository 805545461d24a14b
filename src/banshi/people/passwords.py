"""Rules for passwords, told in Chinese where Django's own words are not translated."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class MinimumLength(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 位"

    def get_help_text(self) -> str:
        return f"密码至少要 {self.min_length} 位。"

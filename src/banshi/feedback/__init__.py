"""Feedback of the public: ratings (好差评), complaints and questions, wishes."""

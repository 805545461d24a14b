"""Notifications in the site (我的消息) and by mail, by kinds that carry their templates."""

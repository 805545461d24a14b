"""数据共享: the catalogue of resources, requests and grants, calls bound to a purpose, and their record."""

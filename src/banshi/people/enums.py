"""Code tables about places and organs."""

from django.db.models import IntegerChoices, TextChoices


class DivisionLevel(IntegerChoices):
    """Levels of divisions, 省·市·县·乡·村."""

    PROVINCE = 2, "省级"
    CITY = 3, "市级"
    COUNTY = 4, "县级"
    TOWN = 5, "乡镇(街道)级"
    VILLAGE = 6, "村(社区)级"


class OrganKind(TextChoices):
    """Kinds of owners of items, as the four work plans name them."""

    DEPARTMENT = "department", "政府部门"
    PARTY = "party", "党委部门"
    STATIONED = "stationed", "派出(驻地)单位"
    INSTITUTION = "institution", "事业单位"
    MASS = "mass", "群团组织"
    ENTERPRISE = "enterprise", "国有企业"
    INTERMEDIARY = "intermediary", "中介服务机构"
    TOWN = "town", "乡镇(街道)"
    VILLAGE = "village", "村(社区)"


class CitizenKind(TextChoices):
    PERSON = "person", "个人"
    COMPANY = "company", "法人"

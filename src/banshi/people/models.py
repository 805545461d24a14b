"""Divisions, organs, posts, delegations. Accounts of staff and citizens."""

from unicodedata import category

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from banshi.core.crypto import blind_index, decrypt, encrypt
from banshi.people.enums import CitizenKind, DivisionLevel, OrganKind

UNSEEN = {"Cc", "Cf"}


class Division(models.Model):
    """行政区划: 2/4/6 digits to the county (GB/T 2260), 9 to the town, 12 to the village."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=DivisionLevel.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """Return the common beginning of its own code and of the divisions below it."""
        return self.code.rstrip("0") if self.level <= DivisionLevel.COUNTY else self.code


class Organ(models.Model):
    """机构: whoever owns items. `superior` is the 上级主管 line, which need not follow the divisions."""

    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("类别", max_length=20, choices=OrganKind.choices)
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, db_index=True)
    division = models.ForeignKey(Division, models.PROTECT, related_name="organs", verbose_name="所在区划")
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates", verbose_name="上级主管"
    )
    address = models.CharField("地址", max_length=200, blank=True)
    phone = models.CharField("电话", max_length=60, blank=True)
    hours = models.CharField("办公时间", max_length=120, blank=True)
    is_example = models.BooleanField("示例", default=False)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ("division_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("division", "name"), name="organ_name_once_per_division"),
            models.CheckConstraint(condition=~Q(superior=F("id")), name="organ_not_its_own_superior"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        return self.short_name or self.name


class User(AbstractUser):
    """An account. Staff hold posts. Citizens have an `Identity`."""

    # Of a person with an `Identity` masked: the plain name stands sealed there alone.
    full_name = models.CharField("姓名", max_length=60, blank=True)
    phone = models.CharField("手机", max_length=20, blank=True)
    mail_wanted = models.BooleanField("收催办邮件", default=True, help_text="at `email`, when one is given")
    demo_note = models.CharField("演示说明", max_length=120, blank=True)
    must_change_password = models.BooleanField(
        "下次登录须改密码", default=False, help_text="the password was set by somebody else"
    )

    def __str__(self) -> str:
        return self.full_name or self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Normalise to Unicode NFKC, without white space or characters that do not show."""
        plain = super().normalize_username(username)
        return "".join(each for each in plain if not each.isspace() and category(each) not in UNSEEN)

    @property
    def ledger_id(self) -> str:
        return f"user:{self.pk}"

    @property
    def ledger_name(self) -> str:
        return str(self)


class Post(models.Model):
    """岗位: what a person may do, where, and from when until when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=30, help_text="a code of data/access/roles.toml")
    title = models.CharField("职务", max_length=60, blank=True)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organ", "role"), condition=Q(until=None), name="post_held_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="post_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organ} · {self.title or self.role}"


class Delegation(models.Model):
    """委托代行: the holder of a post lets another act in it for a time."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    to = models.ForeignKey(User, models.PROTECT, related_name="delegations")
    since = models.DateField("起")
    until = models.DateField("止")
    reason = models.CharField("原因", max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="delegation_ends_after_it_begins"),
        )


class SignIn(models.Model):
    """One sign-in: from where, how long, and why it ended. Its session is looked up by key."""

    class SignOut(models.TextChoices):
        LEFT = "left", "主动退出"
        IDLE = "idle", "长时间没有操作"
        EXPIRED = "expired", "超过最长登录时间"
        APPOINTED = "appointed", "有了岗位，须重新登录"
        CROWDED = "crowded", "在别处登录过多"
        CLOSED = "closed", "由管理员或本人结束"

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=SignOut.choices, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("user", "-id"), condition=Q(ended_at=None), name="open_sign_ins"),)
        constraints = (
            models.CheckConstraint(
                condition=(Q(ended_at=None) & Q(ending="")) | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="sign_in_end_and_reason_together",
            ),
        )


class Identity(models.Model):
    """The identity of a citizen or enterprise. Encrypted, shown masked, each look recorded."""

    PURPOSE = "people.Identity"

    user = models.OneToOneField(User, models.CASCADE, related_name="identity")
    kind = models.CharField(max_length=10, choices=CitizenKind.choices)
    name_sealed = models.BinaryField()
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=64, unique=True)
    phone_sealed = models.BinaryField(default=bytes)
    verified_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def seal(cls, *, name: str, number: str, phone: str = "") -> dict[str, object]:
        """Return the stored fields for what a person gave."""
        return {
            "name_sealed": encrypt(name, purpose=cls.PURPOSE),
            "number_sealed": encrypt(number, purpose=cls.PURPOSE),
            "number_index": blind_index(number, purpose=cls.PURPOSE),
            "phone_sealed": encrypt(phone, purpose=cls.PURPOSE),
        }

    def opened(self, field: str) -> str:
        """Return the plain text of `name`, `number` or `phone`.

        Callers outside this app use `actions.look_at_identity`.
        """
        return decrypt(bytes(getattr(self, f"{field}_sealed")), purpose=self.PURPOSE)

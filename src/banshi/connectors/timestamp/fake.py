"""A time-stamping authority for tests, with a root of its own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import keys, tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from banshi.connectors.test_server import Loopback, ReceivedRequest, Reply

NAME = "示例时间戳机构"


def _named(name: str) -> pyca.Name:
    return pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, name)])


def _issued(subject: str, key: RSAPrivateKey, issuer: str, by: RSAPrivateKey) -> pyca.Certificate:
    is_root = subject == issuer
    made = pyca.CertificateBuilder().subject_name(_named(subject)).issuer_name(_named(issuer))
    made = made.public_key(key.public_key()).serial_number(pyca.random_serial_number())
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=9000)
    )
    made = made.add_extension(pyca.BasicConstraints(is_root, None), critical=True)
    if not is_root:
        made = made.add_extension(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(by, hashes.SHA256())


@dataclass
class FakeTimestampAuthority(Loopback):
    """`at` is the moment it tells."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    refuses: bool = False
    name: str = NAME

    def __post_init__(self) -> None:
        root, own = generate_private_key(65537, 2048), generate_private_key(65537, 2048)
        self._root = _issued(f"{self.name}根证书", root, f"{self.name}根证书", root)
        cert = _issued(self.name, own, f"{self.name}根证书", root)
        key = own.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._cert = x509.Certificate.load(cert.public_bytes(Encoding.DER))
        self._key = keys.PrivateKeyInfo.load(key)

    @property
    def url(self) -> str:
        """Return the value of BANSHI_TIMESTAMP_URL."""
        return f"{self.address}/tsa"

    def write_roots(self, path: Path) -> None:
        path.write_bytes(self._root.public_bytes(Encoding.PEM))

    def token(self, digest: bytes) -> bytes:
        """Stamp as it would answer a caller."""
        told = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})
        return self._reply_to(tsp.TimeStampReq({"version": 1, "message_imprint": told}))["time_stamp_token"].dump()  # type: ignore[no-any-return]

    def answer(self, asked: ReceivedRequest) -> Reply:
        if self.refuses:
            status = {"status": "rejection", "status_string": ["not now"]}
            return 200, tsp.TimeStampResp({"status": status}).dump()
        return 200, self._reply_to(tsp.TimeStampReq.load(asked.body)).dump()

    def _reply_to(self, asked: tsp.TimeStampReq) -> tsp.TimeStampResp:
        stamper = DummyTimeStamper(self._cert, self._key, fixed_dt=self.at)
        return stamper.request_tsa_response(asked)

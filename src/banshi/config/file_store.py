"""The bucket for stored files, read from one address such as s3://key:secret@oss.example.gov.cn/bucket."""

from urllib.parse import parse_qs, unquote, urlsplit


def s3_options(url: str) -> dict[str, object]:
    """Parse an address into options of the storage.

    Raises ValueError, in words, for what is no such address.
    """
    parts = urlsplit(url.strip())
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    bucket, _, prefix = parts.path.strip("/").partition("/")
    if parts.scheme != "s3" or not (parts.hostname and parts.username and parts.password and bucket):
        raise ValueError("要写成 s3://账号:密钥@地址[:端口]/存储桶[/前缀]")
    if unknown := query.keys() - {"region", "tls", "addressing"}:
        raise ValueError(f"问号后面只能有 region、tls、addressing，没有 {min(unknown)}")
    scheme, port = "http" if query.get("tls") == "off" else "https", f":{parts.port}" if parts.port else ""
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "endpoint_url": f"{scheme}://{parts.hostname}{port}",
        "bucket_name": bucket,
        "location": prefix,
        "region_name": query.get("region", "us-east-1"),
        "addressing": query.get("addressing", "path"),
    }

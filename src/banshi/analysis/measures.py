"""Measures of the burden on people."""

LABELS = {
    "materials": "材料",
    "steps": "环节",
    "days": "承诺时限",
    "visits": "到场次数",
    "offices": "要跑的单位",
    "fee_items": "收费项目",
}
UNITS = {"materials": "份", "steps": "个", "days": "个工作日", "visits": "次", "offices": "家", "fee_items": "项"}
MEASURES = tuple(LABELS)

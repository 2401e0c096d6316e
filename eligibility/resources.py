"""Parameters as a spreadsheet: exactly what the list shows."""

from typing import Any

from import_export import fields

from eligibility.models import Parameter
from eligibility.queries import described_value, parameter_title
from foundation.spreadsheets import PlainResource


class ParameterResource(PlainResource):
    """标准与参数: one row a value."""

    title = fields.Field(column_name="参数")
    area = fields.Field(attribute="area__name", column_name="适用区划")
    residence = fields.Field(attribute="get_residence_display", column_name="城乡")
    value = fields.Field(column_name="值")
    starts_on = fields.Field(column_name="起始日")
    ends_on = fields.Field(column_name="截止日（不含）")
    source = fields.Field(attribute="source__number", column_name="依据文件")
    is_local_practice = fields.Field(column_name="本地做法")
    is_sample = fields.Field(column_name="示例数据")
    note = fields.Field(attribute="note", column_name="说明")

    class Meta:
        model = Parameter
        fields = tuple("title area residence value starts_on ends_on source is_local_practice is_sample note".split())

    def dehydrate_title(self, parameter: Parameter) -> str:
        return parameter_title(parameter.key)

    def dehydrate_value(self, parameter: Parameter) -> str:
        return described_value(parameter.key, parameter.value)

    def dehydrate_starts_on(self, parameter: Parameter) -> Any:
        return f"{parameter.valid.lower:%Y-%m-%d}"

    def dehydrate_ends_on(self, parameter: Parameter) -> str:
        return f"{parameter.valid.upper:%Y-%m-%d}" if parameter.valid.upper else ""

    def dehydrate_is_local_practice(self, parameter: Parameter) -> str:
        return "是" if parameter.is_local_practice else ""

    def dehydrate_is_sample(self, parameter: Parameter) -> str:
        return "示例" if parameter.is_sample else ""

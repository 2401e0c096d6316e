from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('organizations', '0001_initial')]
    operations = [
        migrations.AlterModelOptions(
            name='area',
            options={'ordering': ('code',), 'permissions': [('see_household', '查看家庭'), ('register_household', '登记家庭'), ('see_case', '查看办件'), ('open_intake', '登记申请'), ('accept_application', '受理'), ('investigate', '入户调查'), ('request_means_check', '提请核对'), ('answer_means_check', '回填核对结果'), ('propose', '拟初审意见'), ('sign_proposal', '签发初审意见'), ('publicise', '公示'), ('confirm', '县级审核确认'), ('confirm_delegated', '乡镇审核确认（下放）'), ('county_visit', '县级入户'), ('register_relative', '近亲属备案'), ('extend_deadline', '批准延长时限'), ('issue_document', '制发文书'), ('record_delivery', '登记送达'), ('reveal_identity', '查看完整证号'), ('export_lists', '导出名单'), ('see_award', '查看待遇'), ('see_duplicates', '查看重复登记'), ('see_trail', '查看经办记录'), ('see_parameters', '查看标准与参数'), ('manage_parameters', '维护标准与参数'), ('manage_delegations', '下放和收回确认权限'), ('manage_calendar', '维护工作日历'), ('manage_staff', '维护人员与岗位')], 'verbose_name': '行政区划', 'verbose_name_plural': '行政区划'},
        ),
    ]

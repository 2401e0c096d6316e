"""What the trail calls the system's own work (系统)."""

SYSTEM_ACTS = {
    "applications.tasks.recompute_provisional": "重算暂定时限",
    "applications.tasks.send_up_stranded": "无人可确认的办件转县",
    "documents.tasks.archive_missing": "补存文书",
    "dynamic_review.tasks.plan_reviews": "更新复核期限",
    "dynamic_review.tasks.follow_phase_outs": "渐退到期停发和通知",
    "dynamic_review.tasks.tell_of_deaths": "死亡待遇告知",
    "foundation.tasks.seal_history": "每日封存",
    "load_county": "载入区划与部门",
    "load_demo": "载入演示数据",
    "load_number_prefixes": "载入文号字头",
    "load_parameters": "载入标准与参数",
    "load_terms": "载入办理时限",
    "organizations.tasks.drop_job_files": "删除过期的结果文件",
    "organizations.tasks.run_job": "后台办理",
    "organizations.tasks.sweep_jobs": "接续中断的后台办理",
    "organizations.tasks.sync_grants": "按任职更新权限",
    "seal_history": "封存变更留痕",
    "temporary_aid.tasks.watch_reserves": "提请补拨备用金",
    "walk": "走一遍主线",
}
"""What the system's own tasks and commands do, by the name under which they write."""

"""How each table leaves the CRM: file, encoding, separator, headers, and the way dates and truths are written."""

from __future__ import annotations

from dataclasses import dataclass, field

ISO, ISO_TIME, SLASHES, MONTH_NAME = "iso", "iso_time", "slashes", "month_name"

#: Stage and status words of the CRM; data/sample/client.yaml maps them back.
STAGE_WORDS = {
    "lead": "1 Prospecting",
    "qualify": "2 Qualification",
    "develop": "3 Solution design",
    "propose": "4 Proposal",
    "negotiate": "5 Negotiation",
    "won": "Closed Won",
    "lost": "Closed Lost",
    "void": "Withdrawn",
}
ORDER_WORDS = {"valid": "有效", "void": "作废", "return": "退货"}
CONTRACT_WORDS = {"active": "active", "ended": "expired"}


@dataclass(frozen=True)
class Layout:
    """One export file; columns that ``headers`` does not name keep their canonical names."""

    file: str
    headers: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    separator: str = ","
    dates: str = ISO
    truths: tuple[str, str] = ("TRUE", "FALSE")
    null: str = ""
    drop: tuple[str, ...] = ()
    words: dict[str, dict[str, str]] = field(default_factory=dict)


LAYOUTS = {
    "accounts": Layout(
        "accounts.csv",
        encoding="gb18030",
        dates=SLASHES,
        truths=("是", "否"),
        null="NULL",
        headers={
            "account_id": "客户编号",
            "account_name": "客户名称",
            "parent_account_id": "上级客户ID",
            "account_type": "客户类型",
            "industry": "行业",
            "segment": "细分市场",
            "region": "大区",
            "country": "国家",
            "city": "城市",
            "tier_crm": "客户级别",
            "is_key_account": "是否重点客户",
            "annual_revenue": "年营收(万元)",
            "employees": "员工人数",
            "owner_id": "负责人ID",
            "in_public_pool": "是否在公海",
            "status": "客户状态",
            "created_date": "创建日期",
            "currency": "币种",
        },
    ),
    "owners": Layout(
        "owners.csv",
        encoding="utf-8-sig",
        headers={
            "owner_id": "User ID",
            "owner_name": "Full Name",
            "department": "Department",
            "role": "Role",
            "hired_date": "Hire Date",
            "left_date": "Termination Date",
            "is_active": "Active",
        },
    ),
    "opportunities": Layout(
        "opportunities.csv",
        encoding="utf-8-sig",
        dates=MONTH_NAME,
        null="-",
        drop=("stage_std",),
        words={"stage": STAGE_WORDS},
        headers={
            "opportunity_id": "Opportunity ID",
            "account_id": "Account ID",
            "opportunity_name": "Opportunity Name",
            "owner_id": "Owner ID",
            "amount": "Amount",
            "stage": "Stage",
            "status": "Status",
            "created_date": "Created Date",
            "expected_close_date": "Expected Close Date",
            "closed_date": "Actual Close Date",
            "lost_reason": "Lost Reason",
            "competitor": "Main Competitor",
            "opportunity_type": "Opportunity Type",
            "product_line": "Product Line",
            "list_amount": "List Amount",
            "cost": "Cost",
            "lead_source": "Lead Source",
            "referrer_id": "Referred By",
        },
    ),
    "orders": Layout(
        "sales_orders.csv",
        dates=ISO_TIME,
        words={"status": ORDER_WORDS},
        headers={
            "order_id": "订单编号",
            "account_id": "客户编号",
            "opportunity_id": "商机编号",
            "order_date": "订单日期",
            "amount": "订单金额",
            "list_amount": "目录价合计",
            "cost": "成本金额",
            "status": "订单状态",
            "owner_id": "负责人ID",
            "product_line": "产品线",
            "currency": "币种",
        },
    ),
    "contacts": Layout(
        "contacts.csv",
        encoding="utf-8-sig",
        separator=";",
        dates=MONTH_NAME,
        headers={
            "contact_id": "Contact ID",
            "account_id": "Account ID",
            "contact_name": "Full Name",
            "title": "Job Title",
            "department": "Department",
            "decision_role": "Buying Role",
            "is_key_person": "Is Key Person",
            "owner_id": "Contact Owner ID",
            "intimacy": "Intimacy",
            "support": "Support Level",
            "status": "Contact Status",
            "created_date": "Created Date",
        },
    ),
    "activities": Layout(
        "visit_log.txt",
        separator="\t",
        dates=SLASHES,
        headers={
            "activity_id": "Activity ID",
            "account_id": "Account ID",
            "owner_id": "Assigned To ID",
            "contact_id": "Contact ID",
            "activity_type": "Activity Type",
            "activity_date": "Activity Date",
            "duration_min": "Duration (minutes)",
            "status": "Status",
        },
    ),
    "contracts": Layout(
        "contracts.csv",
        dates=SLASHES,
        truths=("是", "否"),
        words={"status": CONTRACT_WORDS},
        headers={
            "contract_id": "合同编号",
            "account_id": "客户编号",
            "contract_name": "合同名称",
            "signed_date": "签订日期",
            "start_date": "合同开始时间",
            "end_date": "合同到期日",
            "amount": "合同金额",
            "is_exclusive": "是否独家",
            "status": "合同状态",
        },
    ),
    "payments": Layout(
        "payments.csv.gz",
        headers={
            "payment_id": "Payment ID",
            "account_id": "Account ID",
            "order_id": "Order ID",
            "due_date": "Due Date",
            "due_amount": "Due Amount",
            "paid_date": "Payment Date",
            "amount": "Payment Amount",
        },
    ),
    "cases": Layout(
        "cases.csv",
        dates=ISO_TIME,
        headers={
            "case_id": "Case Number",
            "account_id": "Account ID",
            "contact_id": "Contact ID",
            "severity": "Severity",
            "opened_date": "Opened Date",
            "closed_date": "Closed Date",
            "status": "Status",
            "owner_id": "Owner ID",
            "satisfaction": "Satisfaction",
        },
    ),
    "surveys": Layout(
        "surveys.csv",
        headers={
            "survey_id": "Response ID",
            "account_id": "Account ID",
            "contact_id": "Contact ID",
            "kind": "Survey Type",
            "score": "Score",
            "survey_date": "Response Date",
            "verbatim": "Comment",
        },
    ),
}

#: Long tables that leave the CRM packed.
PACKED = ("order_lines", "activity_contacts", "opportunity_contacts", "stage_history")


def layout(table: str) -> Layout:
    """The layout of a table; tables without one leave under their canonical names."""
    return LAYOUTS.get(table) or Layout(f"{table}.csv.gz" if table in PACKED else f"{table}.csv")

"""Which table a file or sheet holds by its name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from mcrlib import schema
from mcrlib.read.headers import squash

#: How much a name says: nothing, a part of it, all of it, the canonical name itself.
NOTHING, PART, WHOLE, CANONICAL = range(4)

_NAMES = {
    "accounts": "account, customer, client, company, companies, organization, organisation, reseller, dealer, store, partner, kna1, "
    "account obj, 客户, 客户档案, 客户信息, 客户资料, 客户主数据, 公司, 帐户, 账户, 往来单位, 客戶, 客戶資料, 帳戶, 公司資料",
    "owners": "owner, user, employee, salesperson, salespeople, sales rep, sales team, sales agent, agent, team member, staff, seller, system user, "
    "personnel, personnel obj, 用户, 员工, 人员, 销售人员, 业务员, 负责人, 销售团队, 使用者, 用戶, 員工, 業務員",
    "opportunities": "opportunity, deal, potential, pipeline, sales pipeline, oppty, opp, new opportunity obj, opportunity obj, project, "
    "商机, 业务机会, 销售机会, 机会, 交易, 项目, 商機, 交易機會, 銷售機會",
    "orders": "order, sales order, sale, invoice, transaction, trans, shipment, purchase, order log, billing, sales order obj, vbak, vbrk, "
    "订单, 销售订单, 销售, 销售数据, 发票, 出货, 发货单, 出库单, 销售出库单, 訂單, 銷售訂單, 發票",
    "order_lines": "order line, order detail, order item, order product, sales order line, sales order detail, sales order item, invoice line, "
    "invoice item, opportunity line item, order position, vbap, vbrp, 订单明细, 订单行, 订单产品, 销售明细, 销售订单明细, 訂單明細",
    "products": "product, item, product2, material, sku, 产品, 商品, 物料, 存货, 產品",
    "contacts": "contact, person, people, persons, contact obj, 联系人, 聯絡人, 連絡人",
    "opportunity_contacts": "opportunity contact, opportunity contact role, deal contact, 商机联系人",
    "activities": "activity, activities, appointment, email, meeting, visit, call, task, event, engagement, phone call, interaction, active record obj, "
    "checkins obj, 活动, 跟进记录, 拜访, 拜访记录, 销售记录, 外勤签到, 日程, 任务, 活動, 拜訪, 跟進記錄",
    "activity_contacts": "activity contact, event relation, 活动联系人",
    "activity_owners": "activity owner, activity participant, 活动参与人",
    "contracts": "contract, agreement, contract obj, 合同, 协议, 合約, 協議",
    "payments": "payment, receipt, collection, payment obj, 回款, 回款记录, 收款, 收款单, 付款, 回款記錄",
    "cases": "case, ticket, support ticket, complaint, incident, issue, service request, 工单, 投诉, 个案, 服务请求, 問題, 投訴, 工單",
    "surveys": "survey, survey response, survey answer, csat, nps, satisfaction, feedback, 满意度, 问卷, 回访, 调查, 滿意度, 問卷",
    "stage_history": "stage history, opportunity history, opportunity field history, deal stage history, stage change, business change, "
    "阶段历史, 阶段变更, 商机阶段变更",
    "owner_history": "owner history, owner change, owner record, account owner history, 负责人变更, 负责人历史, 转移记录",
    "tier_history": "tier history, tier change, grade history, 等级变更, 等级历史",
    "account_team": "account team, account team member, team, customer team, 客户团队, 团队成员",
    "costs": "cost, expense, account cost, 费用, 成本, 費用",
    "targets": "target, goal, quota, sales target, sales quota, 目标, 销售目标, 指标, 目標",
    "plans": "plan, action plan, action, relationship plan, 计划, 行动计划, 計劃",
    "commitments": "commitment, promise, 承诺, 承諾",
    "share_of_wallet": "share of wallet, wallet share, 份额, 钱包份额",
    "account_external": "account external, external data, market data, 外部数据",
    "fx_rates": "fx rate, exchange rate, currency rate, rate, 汇率, 匯率",
}
#: Objects of a CRM that the kit has no table for.
_UNUSED = (
    "lead, campaign, territory, region, supplier, vendor, shipper, category, office, product line, dictionary, data dictionary, role, profile, "
    "deal pipeline, pipeline stage, deal stage, property, form, list, group, return, 线索, 退货, 市场活动, 潛在客戶, geography"
)
_NOISE = re.compile(
    r"\d+|v\d+|q[1-4]|h[12]|fy|export|exported|report|data|dataset|list|all|full|view|my|raw|new|copy|final|sample|master|table|crm|sf|sfdc|hubspot|"
    r"dim|fact|derived|dump|active|export(?:ed)?|utf8|utf|bom|gbk|gb18030|big5|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|"
    r"年|月|导出|列表|数据|表|报表|最新|全部|匯出|明细表"
)
_ENDING = re.compile(r"(?:\.(?:csv|tsv|txt|tab|dat|gz|xlsx|xlsm|xlsb|xls|ods|zip))+$", re.IGNORECASE)


class Named(NamedTuple):
    """The table a name stands for (empty: an object the kit has no table for), and how much the name says."""

    table: str
    strength: int


def table_of_name(name: str) -> Named:
    """Which table a file or sheet name stands for.

    Singular and plural, English and Chinese, the object names of the common CRMs; dates, numbers and words such as
    *export* in the name do not matter.
    """
    stem = _ENDING.sub("", name.rsplit("/", 1)[-1])
    if stem.casefold() in schema.tables():
        return Named(stem.casefold(), CANONICAL)
    words = [word for word in _words(stem) if not _NOISE.fullmatch(word)]
    known = _known()
    if (table := known.get("".join(words))) is not None:
        return Named(table, WHOLE)
    for length in range(len(words) - 1, 0, -1):
        for part in (words[-length:], words[:length]):
            if (table := known.get("".join(part))) is not None:
                return Named(table, PART)
    return _chinese_part("".join(words))


def _words(stem: str) -> list[str]:
    text = unicodedata.normalize("NFKC", stem)
    text = re.sub(
        r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[\u3400-\u9fff])(?=[a-zA-Z0-9])|(?<=[a-zA-Z0-9])(?=[\u3400-\u9fff])",
        " ",
        text,
    )
    text = re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", text)
    return [word for word in re.split(r"[\W_]+", text.casefold()) if word]


@cache
def _known() -> dict[str, str]:
    known = {}
    for table, names in {**_NAMES, "": _UNUSED}.items():
        for name in [*names.split(","), table.replace("_", " ")]:
            key = squash(name)
            plural = key[:-1] + "ies" if key.endswith("y") else key + "es" if key.endswith(("ch", "ss")) else key + "s"
            known |= {key: table, plural: table} if key else {}
    return known


def _chinese_part(text: str) -> Named:
    if text.isascii():
        return Named("", NOTHING)
    found = [key for key in _known() if not key.isascii() and (text.endswith(key) or text.startswith(key))]
    longest = max(found, key=lambda key: (len(key), text.endswith(key)), default="")
    return Named(_known()[longest], PART) if longest else Named("", NOTHING)

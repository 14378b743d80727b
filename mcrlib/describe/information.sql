-- What is on record about each account at $as_of, seven areas, each 0 to 1: profile, decision chain, plan, contacts,
-- wallet, rival, notes of the last 365 days. An area that nobody delivered is empty, not zero. All proposed.
select
    accounts.account_id,
    (
        case when region is not null or province is not null or city is not null then 1 else 0 end
        + case when industry is not null or segment is not null then 1 else 0 end
        + case when annual_revenue is not null or employees is not null then 1 else 0 end
        + case when owner_id is not null then 1 else 0 end
    ) / cast(4 as double) as profile,
    case when (select count(level) + count(decision_role) from contacts) > 0
        then cast(coalesce(chain, 0) as double)
    end as decision_chain,
    case when (select count(*) from plans) > 0
        then cast(case when planned.account_id is not null then 1 else 0 end as double)
    end as plan,
    case when (select count(*) from contacts) > 0
        then cast(case when people.account_id is not null then 1 else 0 end as double)
    end as contacts,
    case when (select count(*) from share_of_wallet) > 0
        then cast(case when bought.account_id is not null then 1 else 0 end as double)
    end as wallet,
    case when (select count(competitor) from opportunities) > 0
        then cast(case when fought.account_id is not null then 1 else 0 end as double)
    end as rival,
    case when (select count(content_len) from activities) > 0
        then cast(case when noted.account_id is not null then 1 else 0 end as double)
    end as notes
from accounts
left join (
    select
        account_id,
        max(
            case
                when level in ('exec', 'senior') or decision_role in ('decision_maker', 'approver') then 1
                else 0
            end
        ) as chain
    from contacts
    where coalesce(status, 'active') <> 'left'
    group by account_id
) as people on accounts.account_id = people.account_id
left join (select distinct account_id from plans) as planned on accounts.account_id = planned.account_id
left join (
    select distinct account_id from share_of_wallet where period <= cast($as_of as date)
) as bought on accounts.account_id = bought.account_id
left join (
    select distinct account_id from opportunities where competitor is not null
) as fought on accounts.account_id = fought.account_id
left join (
    select distinct account_id
    from activities
    where content_len >= 30 and activity_date <= cast($as_of as date)
        and date_diff('day', activity_date, cast($as_of as date)) < 365
) as noted on accounts.account_id = noted.account_id
order by accounts.account_id

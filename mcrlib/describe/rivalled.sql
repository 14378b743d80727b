-- Deals opened up to $as_of with the rival on them, if one is named: CRMs write its absence in many ways.
select
    opportunity_id,
    account_id,
    status,
    created_date,
    closed_date,
    cast(amount as decimal(24, 4)) as amount,
    case
        when lower(trim(competitor)) not in
            ('', '-', '--', '/', 'none', 'no', 'n/a', 'na', 'unknown', '无', '無', '暂无', '暫無', '未知')
            then trim(competitor)
    end as rival
from opportunities
where created_date <= cast($as_of as date) and not coalesce(is_deleted, false)

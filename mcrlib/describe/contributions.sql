-- uses: purchases
-- One row per account and calendar quarter in which it bought or cost us something: gross profit, and what was spent on
-- it beyond the goods; strategic is the part of the cost that is booked as such. A deal's cost is its account's.
select
    account_id,
    quarter,
    cast(sum(gp) as double) as gp,
    cast(sum(cost) as double) as cost,
    cast(sum(strategic) as double) as strategic
from (
    select
        account_id,
        cast(date_trunc('quarter', day) as date) as quarter,
        cast(gp as decimal(24, 4)) as gp,
        cast(0 as decimal(24, 4)) as cost,
        cast(0 as decimal(24, 4)) as strategic
    from purchases
    union all
    select
        coalesce(costs.account_id, opportunities.account_id) as account_id,
        cast(date_trunc('quarter', costs.period) as date) as quarter,
        cast(0 as decimal(24, 4)) as gp,
        costs.amount as cost,
        case when costs.cost_type = 'strategic' then costs.amount else cast(0 as decimal(24, 4)) end as strategic
    from costs
    left join opportunities on costs.opportunity_id = opportunities.opportunity_id
    where costs.period <= cast($as_of as date)
) as moves
where account_id is not null
group by account_id, quarter
order by account_id, quarter

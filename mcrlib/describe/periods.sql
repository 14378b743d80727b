-- uses: purchases
-- One row per account and calendar period in which it bought; the period is named by its first day.
select
    account_id,
    period,
    cast(sum(revenue) as double) as revenue,
    cast(sum(gp) as double) as gp,
    cast(sum(is_order_day) as bigint) as orders
from (
    select
        purchases.*,
        case $period
            when 'month' then cast(date_trunc('month', day) as date)
            when 'quarter' then cast(date_trunc('quarter', day) as date)
            else cast(date_trunc('year', day) as date)
        end as period
    from purchases
) as dated
group by account_id, period
order by account_id, period

-- uses: purchases
-- One row per account that ever bought: rhythm, money and size of its purchases at the as-of date.
-- Sums of logarithms are taken over decimals: adding doubles on several threads would not repeat to the last bit.
select
    account_id,
    min(case when is_order_day = 1 then day end) as first_order_date,
    max(case when is_order_day = 1 then day end) as last_order_date,
    cast(sum(n_orders) as bigint) as n_orders,
    cast(sum(is_order_day) as bigint) as n_order_days,
    sum(case when is_order_day = 1 then cast(ln(gap) as decimal(18, 10)) end) as log_gaps,
    sum(revenue) as revenue_total,
    sum(gp) as gp_total,
    sum(case when age < 91 then revenue end) as revenue_3m,
    sum(case when age < 365 then revenue end) as revenue_12m,
    sum(case when age >= 365 and age < 730 then revenue end) as revenue_previous_12m,
    sum(case when age < 365 then gp end) as harvest,
    sum(case when age >= 365 and age < 730 then gp end) as harvest_previous,
    sum(case when age < 1095 then revenue end) as revenue_36m,
    sum(case when age < 1095 then gp end) as gp_36m,
    sum(cast(cast(revenue as double) * margin * margin as decimal(38, 4))) as margin_square,
    sum(cast(weight * size as decimal(18, 10))) as spend_log_sum,
    sum(case when size is not null then cast(weight as decimal(18, 10)) end) as spend_log_weight,
    count(size) as spend_n,
    sum(cast(size as decimal(18, 10))) as spend_plain_log_sum,
    sum(cast(size * size as decimal(18, 10))) as spend_plain_log_square
from (
    select
        purchases.*,
        date_diff('day', day, cast($as_of as date)) as age,
        -- days since the order day before; what it says on a day with nothing but returns is not used
        date_diff('day', lag(day) over (partition by account_id, is_order_day order by day), day) as gap,
        -- within bounds: a gift that was billed at a cent must not outweigh all orders
        greatest(-1, least(1, cast(gp as double) / nullif(cast(revenue as double), 0))) as margin,
        case when is_order_day = 1 and revenue > 0 then ln(cast(revenue as double)) end as size,
        power(cast(2 as double), -date_diff('day', day, cast($as_of as date)) / cast(730 as double)) as weight
    from purchases
) as sized
group by account_id

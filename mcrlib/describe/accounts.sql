-- uses: buying, pipeline, people, touches, breadth, scores
-- One row per account at $as_of: who it is, what it bought, whom we know, what is open.
-- A count of something that nobody delivered is empty, not zero.
-- An account without a name goes by its id.
select
    accounts.account_id,
    coalesce(account_name, accounts.account_id) as account_name,
    group_id,
    case when $frozen then null else accounts.owner_id end as owner_id,
    region,
    industry,
    segment,
    case when $frozen then null else tier_crm end as tier_crm,
    market_type,
    accounts.created_date,
    cast(annual_revenue as double) as annual_revenue,
    cast(employees as double) as employees,
    first_order_date,
    last_order_date,
    coalesce(n_orders, 0) as n_orders,
    coalesce(n_order_days, 0) as n_order_days,
    greatest(coalesce(n_order_days, 0) - 1, 0) as frequency,
    cast(date_diff('day', first_order_date, last_order_date) as double) as recency,
    cast(date_diff('day', first_order_date, cast($as_of as date)) as double) as "T",
    cast(date_diff('day', last_order_date, cast($as_of as date)) as double) as days_since_last,
    coalesce(cast(log_gaps as double), 0) as log_gaps,
    coalesce(cast(revenue_total as double), 0) as revenue_total,
    coalesce(cast(gp_total as double), 0) as gp_total,
    coalesce(cast(revenue_3m as double), 0) as revenue_3m,
    coalesce(cast(revenue_12m as double), 0) as revenue_12m,
    coalesce(cast(revenue_previous_12m as double), 0) as revenue_previous_12m,
    coalesce(cast(harvest as double), 0) as harvest,
    coalesce(cast(harvest_previous as double), 0) as harvest_previous,
    coalesce(cast(revenue_36m as double), 0) as revenue_36m,
    coalesce(cast(gp_36m as double), 0) as gp_36m,
    coalesce(cast(margin_square as double), 0) as margin_square,
    coalesce(cast(spend_log_sum as double), 0) as spend_log_sum,
    coalesce(cast(spend_log_weight as double), 0) as spend_log_weight,
    coalesce(spend_n, 0) as spend_n,
    coalesce(cast(spend_plain_log_sum as double), 0) as spend_plain_log_sum,
    coalesce(cast(spend_plain_log_square as double), 0) as spend_plain_log_square,
    case when (select count(*) from breadth) > 0 then cast(coalesce(n_product_lines, 0) as double) end as n_product_lines,
    case when (select count(*) from people) > 0 then cast(coalesce(n_contacts, 0) as double) end as n_contacts,
    case when (select sum(n_functions) from people) > 0 then cast(coalesce(n_functions, 0) as double) end as n_functions,
    case when (select sum(n_levels) from people) > 0 then cast(coalesce(n_levels, 0) as double) end as n_levels,
    case when (select count(seller) from touches) > 0 then cast(coalesce(n_owners_active, 0) as double)
    end as n_owners_active,
    case when (select count(*) from touches) > 0 then cast(coalesce(n_activities_12m, 0) as double)
    end as n_activities_12m,
    case when n_open_deals > 0 then open_amount when (select count(*) from pipeline) > 0 then 0 end as open_amount,
    case when (select count(*) from pipeline) > 0 then cast(coalesce(n_open_deals, 0) as double) end as n_open_deals,
    case when (select count(*) from cases where opened_date <= cast($as_of as date)) > 0
        then cast(coalesce(n_cases_24m, 0) as double)
    end as n_cases_24m,
    satisfaction
from accounts
left join buying on accounts.account_id = buying.account_id
left join people on accounts.account_id = people.account_id
left join (
    select account_id, count(*) as n_product_lines from breadth group by account_id
) as lines on accounts.account_id = lines.account_id
left join (
    select account_id, count(distinct activity_id) as n_activities_12m, count(distinct seller) as n_owners_active
    from touches
    where age < 365
    group by account_id
) as touched on accounts.account_id = touched.account_id
left join (
    select
        account_id,
        count(*) as n_open_deals,
        cast(sum(cast(amount as decimal(24, 4))) as double) as open_amount
    from pipeline
    where status = 'open'
    group by account_id
) as coming on accounts.account_id = coming.account_id
left join (
    select account_id, count(*) as n_cases_24m
    from cases
    where opened_date <= cast($as_of as date) and date_diff('day', opened_date, cast($as_of as date)) < 730
    group by account_id
) as troubled on accounts.account_id = troubled.account_id
left join (
    select account_id, cast(sum(score01) as double) / nullif(count(*), 0) as satisfaction
    from scores
    group by account_id
) as pleased on accounts.account_id = pleased.account_id
order by accounts.account_id

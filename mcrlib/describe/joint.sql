-- uses: agreed, persons, named_joint, lined
-- Joint innovation, one row per account: live agreements and deals of two years named after it, whether what is invented
-- is shared, whether we were there before their projects began, what they bought of what was developed together, whom of
-- their technical people we are in touch with, and the product line that they buy most.
select
    accounts.account_id,
    coalesce(live.n, 0) as n_joint,
    coalesce(live.n_shared, 0) as n_shared,
    coalesce(dealt.n_joint, 0) as n_joint_deals,
    coalesce(dealt.n, 0) as n_opened,
    case when (select count(*) from activities) > 0 then coalesce(dealt.n_early, 0) end as n_early,
    case when (select count(is_joint) from products) > 0 then coalesce(bought.joint, 0) end as joint_revenue,
    bought.whole as line_revenue,
    coalesce(technical.n_active, 0) as n_technical_active,
    favourite.product_line
from accounts
left join (
    select
        agreed.account_id,
        count(*) as n,
        count(case when contracts.shares_ip then 1 end) as n_shared
    from agreed
    inner join contracts on agreed.contract_id = contracts.contract_id
    left join named_joint on agreed.contract_id = named_joint.id and named_joint.kind = 'contract'
    where coalesce(agreed.is_live, true) and (coalesce(contracts.shares_ip, false) or named_joint.id is not null)
    group by agreed.account_id
) as live on accounts.account_id = live.account_id
left join (
    select
        deals.account_id,
        count(*) as n,
        sum(deals.is_joint) as n_joint,
        sum(deals.is_early) as n_early
    from (
        select
            opportunities.account_id,
            opportunities.opportunity_id,
            max(case when named_joint.id is not null then 1 else 0 end) as is_joint,
            max(case when activities.activity_id is not null then 1 else 0 end) as is_early
        from opportunities
        left join named_joint on opportunities.opportunity_id = named_joint.id and named_joint.kind = 'deal'
        left join activities
            on
                opportunities.account_id = activities.account_id
                and activities.activity_date < opportunities.created_date
                and date_diff('day', activities.activity_date, opportunities.created_date) <= 90
                and coalesce(activities.status, 'done') = 'done'
        where
            opportunities.created_date <= cast($as_of as date)
            and date_diff('day', opportunities.created_date, cast($as_of as date)) < 730
            and not coalesce(opportunities.is_deleted, false)
        group by opportunities.account_id, opportunities.opportunity_id
    ) as deals
    group by deals.account_id
) as dealt on accounts.account_id = dealt.account_id
left join (
    select
        account_id,
        cast(sum(amount) as double) as whole,
        cast(sum(case when is_joint then amount else 0 end) as double) as joint
    from lined
    where status in ('valid', 'return')
    group by account_id
) as bought on accounts.account_id = bought.account_id
left join (
    select account_id, cast(sum(is_active) as bigint) as n_active
    from persons
    where function = 'technical'
    group by account_id
) as technical on accounts.account_id = technical.account_id
left join (
    select account_id, product_line
    from (
        select
            account_id,
            product_line,
            row_number() over (partition by account_id order by sum(amount) desc, product_line) as place
        from (
            select account_id, product_line, amount
            from lined
            where status = 'valid'
            union all
            select account_id, product_line, amount
            from orders
            where
                (select count(*) from order_lines) = 0
                and order_date <= cast($as_of as date)
                and date_diff('day', order_date, cast($as_of as date)) < 730
                and coalesce(status, 'valid') = 'valid'
            union all
            select account_id, product_line, coalesce(amount_actual, amount)
            from opportunities
            where
                (select count(*) from orders) = 0
                and status = 'won'
                and closed_date <= cast($as_of as date)
                and not coalesce(is_deleted, false)
        ) as sold
        where product_line is not null
        group by account_id, product_line
    ) as ranked
    where place = 1
) as favourite on accounts.account_id = favourite.account_id
order by accounts.account_id

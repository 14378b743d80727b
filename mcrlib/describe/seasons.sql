-- uses: touches, purchases
-- Three years, quarter by quarter back from the as-of date (0 the last 91 days): how the customer's own business went
-- (its revenue where delivered, else what it bought from us) and how often we were there, how often to help.
select
    quarters.account_id,
    quarters.ago,
    cast(sum(quarters.own) as double) as own,
    cast(sum(quarters.bought) as double) as bought,
    cast(sum(quarters.touch) as bigint) as n_touches,
    cast(sum(quarters.help) as bigint) as n_help
from (
    select
        account_id,
        cast(floor(date_diff('day', day, cast($as_of as date)) / cast(91 as double)) as bigint) as ago,
        null as own,
        revenue as bought,
        0 as touch,
        0 as help
    from purchases
    union all
    select
        account_id,
        cast(floor(date_diff('day', period, cast($as_of as date)) / cast(91 as double)) as bigint) as ago,
        revenue as own,
        null as bought,
        0 as touch,
        0 as help
    from account_external
    where period <= cast($as_of as date)
    union all
    select
        account_id,
        cast(floor(age / cast(91 as double)) as bigint) as ago,
        null as own,
        null as bought,
        1 as touch,
        case when activity_type in ('service_visit', 'demo', 'showroom') then 1 else 0 end as help
    from (select distinct account_id, activity_id, age, activity_type from touches) as events
) as quarters
where quarters.ago between 0 and 15
group by quarters.account_id, quarters.ago
order by quarters.account_id, quarters.ago

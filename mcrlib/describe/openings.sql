-- uses: holders
-- Who held which account of saline land from when until when, and when it first ordered and ordered again (valid orders
-- up to $as_of). Since when an account without a history is held is taken from the day it was recorded.
select
    holders.account_id,
    holders.owner_id,
    coalesce(holders.valid_from, accounts.created_date) as valid_from,
    coalesce(holders.valid_to, cast($as_of as date)) as valid_to,
    bought.first_date,
    bought.second_date,
    bought.last_date
from holders
inner join accounts on holders.account_id = accounts.account_id
left join (
    select
        account_id,
        min(order_date) as first_date,
        min(case when place = 2 then order_date end) as second_date,
        max(order_date) as last_date
    from (
        select
            account_id,
            order_date,
            row_number() over (partition by account_id order by order_date) as place
        from (
            select distinct account_id, order_date
            from orders
            where order_date <= cast($as_of as date) and coalesce(status, 'valid') = 'valid'
        ) as days
    ) as counted
    group by account_id
) as bought on holders.account_id = bought.account_id
where accounts.market_type = 'saline' and holders.owner_id is not null
order by holders.account_id, valid_from nulls first, holders.owner_id

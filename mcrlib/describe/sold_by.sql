-- Who sold to each account from when on, as far as the orders tell up to $as_of: a row for its first seller, and one for
-- each change. Only where no account and no history names a holder, and sellers stay: of the order days of one account
-- that follow each other, four in five or more have the same seller (proposed). Else a seller is no holder.
select account_id, owner_id, valid_from
from (
    select
        account_id,
        owner_id,
        case when before is not null then order_date end as valid_from,
        before is null or before <> owner_id as is_start,
        sum(case when before = owner_id then 1 else 0 end) over () as n_same,
        count(before) over () as n_followed
    from (
        select
            account_id,
            owner_id,
            order_date,
            lag(owner_id) over (partition by account_id order by order_date) as before
        from (
            select
                account_id,
                owner_id,
                order_date,
                row_number() over (partition by account_id, order_date order by order_id desc) as place
            from orders
            where
                owner_id is not null
                and order_date <= cast($as_of as date)
                and coalesce(status, 'valid') = 'valid'
                and (select count(owner_id) from accounts) = 0
                and (select count(*) from owner_history) = 0
        ) as sold
        where place = 1
    ) as followed
) as steady
where is_start and n_same >= 0.8 * n_followed and n_followed > 0

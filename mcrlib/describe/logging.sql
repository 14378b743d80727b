-- uses: holders, touches
-- Of the accounts that each of ours held at the end of a month: at how many the holder logged anything in it.
select
    held.owner_id,
    held.month,
    count(*) as n_accounts,
    count(logged.account_id) as n_logged,
    cast(count(logged.account_id) as double) / nullif(count(*), 0) as share
from (
    select distinct
        holders.account_id,
        holders.owner_id,
        months.month
    from holders
    inner join (
        select
            cast(date_trunc('month', activity_date) as date) as month,
            max(activity_date) as last_day
        from touches
        where age < 730
        group by cast(date_trunc('month', activity_date) as date)
    ) as months
        on
            coalesce(holders.valid_from <= months.last_day, true)
            and coalesce(holders.valid_to > months.last_day, true)
    where holders.owner_id is not null
) as held
left join (
    select distinct
        account_id,
        seller,
        cast(date_trunc('month', activity_date) as date) as month
    from touches
) as logged
    on held.account_id = logged.account_id and held.owner_id = logged.seller and held.month = logged.month
group by held.owner_id, held.month
order by held.owner_id, held.month

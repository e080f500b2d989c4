using System.Globalization;
using Dapper;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Doubts a clock that may have jumped ahead, as what expires by it is gone for good.</summary>
internal static class ClockDoubt
{
    private const string Select = """
        select
            clock_timestamp() as database_time,
            exists (select from checkpoint where create_time between @Earliest and @Latest) as is_witnessed
        """;

    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(30);

    /// <summary>
    /// Why nothing should be dropped by this clock now; null when nothing speaks against it. It must not be ahead of the database's, and the trail must have been signed a
    /// day ago or not long before: after a jump that is so only once a day has passed, in which the jump can be seen and undone.
    /// </summary>
    public static async Task<string?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, TimeSpan retention, CancellationToken cancellationToken)
    {
        var latest = now - Least(LongestWait, retention / 2);
        var earliest = latest - Least(LongestSilence, retention / 2);
        var (databaseTime, isWitnessed) = await connection.QuerySingleAsync<(DateTime DatabaseTime, bool IsWitnessed)>(new CommandDefinition(
            Select, new { Earliest = earliest, Latest = latest }, transaction, cancellationToken: cancellationToken));
        return now - databaseTime > MostAhead ? string.Create(CultureInfo.InvariantCulture, $"the clock says {now:O}, the database's {databaseTime:O}")
            : !isWitnessed ? string.Create(
                CultureInfo.InvariantCulture, $"the clock says {now:O}, but no checkpoint was made from {earliest:O} to {latest:O}: it may have jumped ahead")
            : null;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

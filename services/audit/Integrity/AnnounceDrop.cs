using System.Globalization;
using System.Text.Json;
using Mainstay.Audit.Recording;
using Mainstay.BusContracts;
using Npgsql;

namespace Mainstay.Audit.Integrity;

/// <summary>Adds the event that entries were dropped to the trail, in the transaction that drops them, so that it is there exactly when they are not.</summary>
internal sealed class AnnounceDrop(AuditPartitions partitions, TimeProvider clock)
{
    /// <summary>Makes sure, before the transaction, that there is a place for the event.</summary>
    public void Prepare(NpgsqlConnection connection) => partitions.Ensure(connection, clock.GetUtcNow());

    /// <summary>Adds the event; nobody else appends until the transaction ends.</summary>
    public void Execute(NpgsqlConnection connection, NpgsqlTransaction transaction, long end, DateTimeOffset expiry)
    {
        var now = clock.GetUtcNow();
        if (!IncomingEvent.TryRead(JsonSerializer.SerializeToUtf8Bytes(Event(end, expiry, now)), out var incoming, out var reason))
        {
            throw new InvalidOperationException($"The event of the retention cannot be stored: {reason}");
        }

        var chain = OpenChain.Execute(connection, [incoming!], month: null);
        chain.Append([incoming!]);
        new CopyEvents().Execute(connection, chain.Chained(), now, whileCopying: () => { });
        CommitEvents.Move(connection, transaction, chain);
    }

    private AuditEvent Event(long end, DateTimeOffset expiry, DateTimeOffset now) => new()
    {
        EventId = AuditEvent.NewId(clock),
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
        Action = "audit_retention",
        Result = "success",
        Service = "audit",
        Attributes = new Dictionary<string, string>
        {
            ["dropped_through"] = end.ToString(CultureInfo.InvariantCulture),
            ["older_than"] = expiry.ToString("O", CultureInfo.InvariantCulture),
        },
    };
}

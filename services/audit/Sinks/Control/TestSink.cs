using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Audit.V1;
using Npgsql;
using BusEvent = Mainstay.BusContracts.AuditEvent;
using BusUserContext = Mainstay.BusContracts.AuditUserContext;

namespace Mainstay.Audit.Sinks.Control;

/// <summary>Sends a sink one event that is not in the trail, to see whether it arrives.</summary>
internal sealed class TestSink(SinkSet sinks, SinkHolds holds, NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<TestSinkResponse> ExecuteAsync(TestSinkRequest request, string actor, CancellationToken cancellationToken)
    {
        var sink = sinks.Find(request.Name);
        var fields = JsonSerializer.SerializeToNode(new BusEvent
        {
            EventId = BusEvent.NewId(clock),
            Timestamp = clock.GetUtcNow(),
            Action = "sink_test",
            Result = "success",
            Service = SinkHolds.Service,
            UserContext = new BusUserContext { InitiatedBy = actor },
        }) as JsonObject;
        fields!["sequence"] = 0;
        fields["hash"] = "";

        var start = clock.GetTimestamp();
        var delivery = await sink.DeliverAsync([sink.Shape.Encode(fields, 0, sink.Sink)], cancellationToken);
        var delivered = delivery is { Outcome: DeliveryOutcome.Delivered, Refused.Count: 0 };
        var failure = delivered ? "" : delivery.Failure.Length > 0 ? delivery.Failure : string.Join("; ", delivery.Refused.Select(refused => refused.Reason));
        await RecordAsync(sink.Name, delivered, failure, actor, cancellationToken);
        return new TestSinkResponse { Delivered = delivered, Failure = failure, Duration = clock.GetElapsedTime(start).ToDuration() };
    }

    private async Task RecordAsync(string name, bool delivered, string failure, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await holds.RecordAsync(connection, transaction, name, "sink_test", delivered ? "success" : "failure", failure, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}

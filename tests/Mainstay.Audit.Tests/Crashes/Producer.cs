using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using BusEvent = Mainstay.BusContracts.AuditEvent;

namespace Mainstay.Audit.Tests.Crashes;

/// <summary>Publishes events as an outbox does: until the broker has confirmed them, whatever happens; so some come twice, and late.</summary>
internal sealed class Producer
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Uri broker;
    private readonly string queue;
    private readonly IReadOnlyList<BusEvent> events;

    public Producer(Uri broker, string queue, int count)
    {
        (this.broker, this.queue) = (broker, queue);
        events = [.. Enumerable.Range(0, count).Select(i => AuditFixture.NewEvent(Workflow) with
        {
            Timestamp = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(i * 7919 % 3600),
            Resource = new() { ProjectId = $"project-{i % 3}" },
        })];
    }

    /// <summary>The workflow of all: other tests' events come over the bus as well.</summary>
    public string Workflow { get; } = $"workflow-{Guid.CreateVersion7():n}";

    /// <summary>The ids of all.</summary>
    public IEnumerable<string> Ids => events.Select(one => one.EventId);

    /// <summary>Publishes all; every seventh a second time, later.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in events.Concat(events.Where((_, i) => i % 7 == 0)).Chunk(100))
        {
            while (!await TryPublishAsync(chunk, cancellationToken))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private async Task<bool> TryPublishAsync(IEnumerable<BusEvent> chunk, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
            await using var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
            foreach (var one in chunk)
            {
                await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, JsonSerializer.SerializeToUtf8Bytes(one), cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or PublishException or IOException)
        {
            return false;
        }
    }
}

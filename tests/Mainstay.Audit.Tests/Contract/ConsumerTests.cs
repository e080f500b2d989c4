using System.Text;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Outbox;
using Mainstay.Testing;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Contract;

public sealed class ConsumerTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("python", "/usr/bin/python3", "security.python")]
    [InlineData("javascript", "node", "security.node")]
    public async Task Consume_AsPrintedInTheDocs_SeesWhatWasDeniedOnce(string language, string program, string queue)
    {
        await using var broker = await new ConnectionFactory { Uri = await TestServers.RabbitMqAsync() }.CreateConnectionAsync(Cancellation);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        try
        {
            var mine = $"user-{Guid.CreateVersion7():n}";
            await using var consumer = await PrintedConsumer.StartAsync(language, program, Peer.Directory, Cancellation);
            await PublishAsync(mine, "success");
            await PublishAsync(mine, "denied");

            Assert.Equal($"tool_call by '{mine}': denied", await NextWithAsync(consumer, mine));
        }
        finally
        {
            await channel.QueueDeleteAsync(queue, cancellationToken: CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("python", "/usr/bin/python3", "security.python")]
    [InlineData("javascript", "node", "security.node")]
    public async Task Consume_NoEventThenAMinimalOneWithoutHeaders_GoesOn(string language, string program, string queue)
    {
        await using var broker = await new ConnectionFactory { Uri = await TestServers.RabbitMqAsync() }.CreateConnectionAsync(Cancellation);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        try
        {
            var action = $"foreign_{Guid.CreateVersion7():n}";
            await using var consumer = await PrintedConsumer.StartAsync(language, program, Peer.Directory, Cancellation);

            // To its queue alone: no other consumer is to get them.
            foreach (var body in (string[])["{", "[]", "null", "{}", $$"""{"event_id":"evt_{{action}}","timestamp":"2026-03-01T12:00:00Z","action":"{{action}}","result":"denied","service":"foreign"}"""])
            {
                await channel.BasicPublishAsync("", queue, Encoding.UTF8.GetBytes(body), Cancellation);
            }

            Assert.Equal($"{action} by '': denied", await NextWithAsync(consumer, action));
        }
        finally
        {
            await channel.QueueDeleteAsync(queue, cancellationToken: CancellationToken.None);
        }
    }

    [Fact]
    public void Schema_EventInTheDocs_Fits()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit-events.md"));
        var example = JsonNode.Parse(document.Split("```json\n")[1].Split("```")[0])!.AsObject();

        Assert.Empty(AuditContract.Violations(example));
    }

    [Fact]
    public async Task Outbox_Event_KeepsTheContract()
    {
        // An action of its own: over the bus other tests' events come as well.
        var action = $"contract_{Guid.CreateVersion7():n}";
        await using var bus = await BusListener.StartAsync("mainstay.audit", $"tool-gateway.{action}.denied", Cancellation);

        await PublishAsync("ada", "denied", action);

        // Which holds it to the contract.
        Assert.Equal($"mainstay.audit.{action}", Encoding.UTF8.GetString((byte[])(await bus.NextAsync(Cancellation)).Headers["cloudEvents_type"]!));
    }

    // Other tests deny things too.
    private static async Task<string?> NextWithAsync(PrintedConsumer consumer, string text)
    {
        var seen = await consumer.NextLineAsync(Cancellation);
        while (seen?.Contains(text, StringComparison.Ordinal) == false)
        {
            seen = await consumer.NextLineAsync(Cancellation);
        }

        return seen;
    }

    // As a service does: through an outbox, in a transaction.
    private async Task PublishAsync(string user, string result, string action = "tool_call")
    {
        var published = AuditFixture.NewEvent("contract", action, result) with { UserContext = new() { InitiatedBy = user } };
        var outbox = audit.Service.Application.Services.GetRequiredService<AuditOutbox>();
        await using var connection = await audit.Database.OpenConnectionAsync(Cancellation);
        await outbox.AppendAsync(connection, null, published, Cancellation);
    }
}

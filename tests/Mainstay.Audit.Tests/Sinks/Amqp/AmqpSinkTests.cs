using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks.Amqp;
using Mainstay.Testing;
using RabbitMQ.Client;

namespace Mainstay.Audit.Tests.Sinks.Amqp;

public sealed class AmqpSinkTests : IAsyncLifetime
{
    private readonly string exchange = $"sink-test-{Guid.CreateVersion7():n}";
    private TrailDatabase trail = null!;
    private IConnection broker = null!;
    private IChannel channel = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        trail = await TrailDatabase.CreateAsync(Cancellation);
        broker = await new ConnectionFactory { Uri = await TestServers.RabbitMqAsync() }.CreateConnectionAsync(Cancellation);
        channel = await broker.CreateChannelAsync(cancellationToken: Cancellation);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.ExchangeDeleteAsync(exchange);
        await broker.DisposeAsync();
        await trail.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_NoQueueIsBoundYet_WaitsAndLosesNothing()
    {
        var ids = await trail.AppendAsync(500, Cancellation);

        await using var running = await RunAsync();
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("failure", Cancellation) == "no queue is bound to the exchange", Cancellation);
        var queue = await BindAsync("#");
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, (await ReadAsync(queue)).Select(message => message.BasicProperties.MessageId!).Distinct());
    }

    [Fact]
    public async Task Deliver_Event_HasTheRoutingKeyAndHeadersOfTheBus()
    {
        var queue = await BindAsync("tool-gateway.tool_call.denied");
        await BindAsync("#");
        await trail.AppendAsync([TrailDatabase.NewEvent(result: "denied"), TrailDatabase.NewEvent()], Cancellation);

        await using var running = await RunAsync(("format", "cloudevents"));
        await trail.DrainedAsync(Cancellation);

        var message = Assert.Single(await ReadAsync(queue));
        Assert.Equal("application/cloudevents+json", message.BasicProperties.ContentType);
        Assert.True(message.BasicProperties.Persistent);
        Assert.Equal("mainstay.audit.tool_call", Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["cloudEvents_type"]!));
        Assert.Equal("denied", (string?)JsonNode.Parse(message.Body.Span)!["data"]!["result"]);
    }

    [Fact]
    public async Task Deliver_RoutingKeyLongerThanAmqpAllows_IsCutAndHoldsUpNothing()
    {
        var queue = await BindAsync("#");
        var events = new[]
        {
            TrailDatabase.NewEvent(),
            TrailDatabase.NewEvent(new string('é', 512), new string('\n', 512)),
            TrailDatabase.NewEvent(new string('a', 228)),
            TrailDatabase.NewEvent(new string('a', 240)),
        };
        var ids = await trail.AppendAsync(events, Cancellation);

        await using var running = await RunAsync();
        await trail.DrainedAsync(Cancellation);

        var messages = await ReadAsync(queue);
        Assert.Equal(ids, messages.Select(message => message.BasicProperties.MessageId!));
        Assert.Equal(
            [
                "tool-gateway.tool_call.success",
                $"tool-gateway.{new string('é', 42)}.{string.Concat(Enumerable.Repeat(@"\u000a", 14))}",
                $"tool-gateway.{new string('a', 228)}.success",
                $"tool-gateway.{new string('a', 84)}.success",
            ],
            messages.Select(message => message.RoutingKey));
        Assert.Empty(await trail.DeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deliver_LineIsCutAgainAndAgain_LosesNothingAndKeepsTheOrder()
    {
        await using var wire = new Wire(await TestServers.RabbitMqAsync());
        var queue = await BindAsync("#");
        var ids = await trail.AppendAsync(1000, Cancellation);

        await using var running = await RunAsync(("uri", $"{wire.Address}"));
        for (var count = 150; count <= 750; count += 150)
        {
            await Eventually.TrueAsync(async () => await channel.MessageCountAsync(queue, Cancellation) >= count, Cancellation);
            wire.Cut();
        }

        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, (await ReadAsync(queue)).Select(message => message.BasicProperties.MessageId!).Distinct());
    }

    [Fact]
    public async Task Deliver_LineGoesDead_GoesOnWhereTheBrokerHadConfirmed()
    {
        await using var wire = new Wire(await TestServers.RabbitMqAsync());
        var queue = await BindAsync("#");
        var ids = await trail.AppendAsync(20, Cancellation);
        await using var running = await RunAsync(("uri", $"{wire.Address}"), ("timeout", "1s"));
        await trail.DrainedAsync(Cancellation);

        wire.IsDead = true;
        ids = [.. ids, .. await trail.AppendAsync(20, Cancellation)];
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("failure", Cancellation) == "the broker did not answer within 00:00:01", Cancellation);
        wire.IsDead = false;
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, (await ReadAsync(queue)).Select(message => message.BasicProperties.MessageId!).Distinct());
    }

    [Fact]
    public async Task Deliver_WrongPassword_StopsTheSink()
    {
        await trail.AppendAsync(1, Cancellation);
        var uri = await TestServers.RabbitMqAsync();

        await using var running = trail.Run(TrailDatabase.Configure(
            new AmqpSinkType(), ("uri", $"amqp://nobody:hunter2@{uri.Authority}/"), ("exchange", exchange), ("first_backoff", "5ms")));
        await Eventually.TrueAsync(async () => await trail.StateAsync<string>("hold", Cancellation) == "stopped", Cancellation);

        Assert.Equal("the broker refused the user name or password", await trail.StateAsync<string>("hold_reason", Cancellation));
    }

    private async Task<RunningSink> RunAsync(params (string, string)[] settings) => trail.Run(TrailDatabase.Configure(
        new AmqpSinkType(),
        [.. settings.Any(setting => setting.Item1 == "uri") ? Array.Empty<(string, string)>() : [("uri", (await TestServers.RabbitMqAsync()).ToString())], ("exchange", exchange), ("first_backoff", "5ms"), ("longest_backoff", "20ms"), .. settings]));

    private async Task<string> BindAsync(string pattern)
    {
        var queue = await channel.QueueDeclareAsync(cancellationToken: Cancellation);
        await channel.QueueBindAsync(queue.QueueName, exchange, pattern, cancellationToken: Cancellation);
        return queue.QueueName;
    }

    private async Task<List<BasicGetResult>> ReadAsync(string queue)
    {
        var messages = new List<BasicGetResult>();
        while (await channel.BasicGetAsync(queue, autoAck: true, Cancellation) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }
}

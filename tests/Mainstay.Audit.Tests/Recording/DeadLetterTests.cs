using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Mainstay.Audit.V1;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Recording;

public sealed class DeadLetterTests(AuditFixture audit) : IClassFixture<AuditFixture>
{
    // Longer than a frame of AMQP.
    private static readonly string LongName = new('n', 200_000);

    private readonly string workflow = $"workflow-{Guid.CreateVersion7():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], string> Invalid => new()
    {
        { "no JSON", "{\"event_id\": "u8.ToArray(), "The message is not JSON: " },
        { "no UTF-8", [.. "{\"event_id\":\""u8, 0xC3, 0x28, .. "\"}"u8], "The message is not UTF-8." },
        { "deep", Encoding.UTF8.GetBytes($"{string.Concat(Enumerable.Repeat("{\"a\":", 40))}1{new string('}', 40)}"), "The message is not JSON: The maximum configured depth of 32" },
        { "deeper", Encoding.UTF8.GetBytes(new string('[', 100_000)), "The message is not JSON: The maximum configured depth of 32" },
        { "half a pair", Event(node => node["rbac_scope"] = "!", """\ud800"""), "The message is no audit event: " },
        { "twice", Event(node => node["rbac_scope"] = "!", """a","unknown":1,"unknown":"2"""), "The message is no audit event: the member 'unknown' is there twice." },
        { "U+0000 twice", Event(node => node["rbac_scope"] = "!", """a","\u0000":1,"\u0000":2,"z":"z"""), @"The message is no audit event: the member '\u0000' is there twice." },
        { "a long name twice", Event(node => node["rbac_scope"] = "!", $"""a","{LongName}":1,"{LongName}":2,"z":"z"""), "The message is no audit event: the member 'nnn" },
        { "a long name in the path", Event(node => node["attributes"] = new JsonObject { [$"\0{LongName}"] = 5 }), "The message is no audit event: The JSON value could not be converted" },
        { "too large", Encoding.UTF8.GetBytes(new string(' ', 8 * 1024 * 1024 + 1)), "The message has 8388609 bytes, more than 8388608." },
        { "many members", Event(node => node["unknown"] = new JsonArray([.. Enumerable.Range(0, 60_000).Select(i => (JsonNode)i)])), "The event has " },
        { "other's member", Event(node => node["latency_ms"] = "long"), "The message is no audit event: " },
        { "reserved", Event(node => node["resource"]!["project_id"] = "*"), "resource.project_id must not be '*'." },
        { "a line too many", Event(node => node["event_id"] = $"{node["event_id"]}\n"), "event_id must be" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Consume_InvalidMessage_GoesToTheTableAndTheQueueWithTheReason(string _, byte[] body, string reason)
    {
        await audit.PublishAsync(body);

        await audit.PublishAsync(AuditFixture.NewEvent(workflow));

        Assert.StartsWith(reason, await audit.DeadLetterAsync(body), StringComparison.Ordinal);
        var queued = await QueuedAsync(body);
        Assert.StartsWith(reason, queued, StringComparison.Ordinal);
        Assert.Single(await audit.StoredAsync(workflow, 1));
    }

    [Fact]
    public async Task ReplayDeadLetter_Corrected_IsStoredOnceAndAudited()
    {
        var wrong = JsonSerializer.SerializeToNode(AuditFixture.NewEvent(workflow))!;
        wrong["result"] = "";
        var body = Encoding.UTF8.GetBytes(wrong.ToJsonString());
        await audit.PublishAsync(body);
        await audit.DeadLetterAsync(body);
        var letter = await FindAsync(body);
        wrong["result"] = "failure";

        var unchanged = await Assert.ThrowsAsync<RpcException>(() => ReplayAsync(letter.DeadLetterId, []));
        var replayed = await ReplayAsync(letter.DeadLetterId, Encoding.UTF8.GetBytes(wrong.ToJsonString()));
        var again = await Assert.ThrowsAsync<RpcException>(() => ReplayAsync(letter.DeadLetterId, []));

        Assert.Equal((StatusCode.InvalidArgument, StatusCode.FailedPrecondition), (unchanged.StatusCode, again.StatusCode));
        Assert.Equal("failure", Assert.Single(await audit.StoredAsync(workflow, 1)).Result);
        var resolved = await FindAsync(body, includeResolved: true);
        Assert.Equal((replayed.EventId, "root"), (resolved.EventId, resolved.ResolvedBy));
        var replays = await audit.Administrator().SearchEventsAsync(new SearchEventsRequest { Action = "dead_letter_replay" }, cancellationToken: Cancellation);
        Assert.Contains(replays.Events, one => one.UserContext.InitiatedBy == "root" && one.Attributes["request"].Contains($"\"{letter.DeadLetterId}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Consume_SameInvalidMessageAgain_IsCounted()
    {
        var body = Encoding.UTF8.GetBytes($"not JSON {workflow}");

        for (var i = 0; i < 3; i++)
        {
            await audit.PublishAsync(body);
        }

        await audit.DeadLetterAsync(body);
        await Eventually.TrueAsync(async () => (await FindAsync(body)).ReceiveCount == 3, Cancellation);
    }

    [Fact]
    public async Task ListDeadLetters_LargeOnes_EndsPagesByTheirBytesAndCutsBodies()
    {
        byte[][] bodies = [.. Enumerable.Range(0, 5).Select(i => Encoding.UTF8.GetBytes($"{i} {new string((char)('a' + i), 3 << 19)}"))];
        foreach (var body in bodies)
        {
            await audit.PublishAsync(body);
            await audit.DeadLetterAsync(body);
        }

        var listed = new List<DeadLetter>();
        var request = new ListDeadLettersRequest();
        while (listed.Count(letter => letter.BodyBytes == bodies[0].Length) < bodies.Length)
        {
            var page = await audit.Administrator().ListDeadLettersAsync(request, cancellationToken: Cancellation);
            Assert.InRange(page.CalculateSize(), 1, 4 << 20);
            listed.AddRange(page.DeadLetters);
            request.PageToken = page.NextPageToken;
        }

        var large = listed.Where(letter => letter.BodyBytes == bodies[0].Length).ToList();
        Assert.Equal(bodies.Reverse().Select(body => body[..(1 << 20)]), large.Select(letter => letter.Body.ToByteArray()));
        Assert.Equal(bodies[4], await BodyAsync(large[0].DeadLetterId));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => BodyAsync(long.MaxValue))).StatusCode);
    }

    [Fact]
    public async Task DeadLetters_NoAdministrator_IsDeniedAndAudited()
    {
        var reader = audit.Reader();

        var list = await Assert.ThrowsAsync<RpcException>(() => reader.ListDeadLettersAsync(new ListDeadLettersRequest(), cancellationToken: Cancellation).ResponseAsync);
        var body = await Assert.ThrowsAsync<RpcException>(
            () => reader.GetDeadLetterBody(new GetDeadLetterBodyRequest(), cancellationToken: Cancellation).ResponseStream.MoveNext(Cancellation));
        var replay = await Assert.ThrowsAsync<RpcException>(() => reader.ReplayDeadLetterAsync(new ReplayDeadLetterRequest(), cancellationToken: Cancellation).ResponseAsync);

        Assert.All([list, body, replay], refused => Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode));
        var denied = await audit.Administrator().SearchEventsAsync(new SearchEventsRequest { Action = "dead_letter_replay", Result = "denied" }, cancellationToken: Cancellation);
        Assert.NotEmpty(denied.Events);
    }

    private static byte[] Event(Action<JsonNode> change, string? inPlaceOfMark = null)
    {
        var node = JsonSerializer.SerializeToNode(AuditFixture.NewEvent("invalid"))!;
        change(node);
        return Encoding.UTF8.GetBytes(inPlaceOfMark is null ? node.ToJsonString() : node.ToJsonString().Replace("\"!\"", $"\"{inPlaceOfMark}\"", StringComparison.Ordinal));
    }

    private async Task<ReplayDeadLetterResponse> ReplayAsync(long deadLetterId, byte[] corrected) => await audit.Administrator().ReplayDeadLetterAsync(
        new ReplayDeadLetterRequest { DeadLetterId = deadLetterId, CorrectedBody = ByteString.CopyFrom(corrected) }, cancellationToken: Cancellation);

    private async Task<DeadLetter> FindAsync(byte[] body, bool includeResolved = false)
    {
        var request = new ListDeadLettersRequest { IncludeResolved = includeResolved };
        do
        {
            var page = await audit.Administrator().ListDeadLettersAsync(request, cancellationToken: Cancellation);
            if (page.DeadLetters.SingleOrDefault(letter => letter.Body.Span.SequenceEqual(body)) is { } found)
            {
                return found;
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        throw new InvalidOperationException("The dead letter is not listed.");
    }

    private async Task<byte[]> BodyAsync(long deadLetterId)
    {
        using var call = audit.Administrator().GetDeadLetterBody(new GetDeadLetterBodyRequest { DeadLetterId = deadLetterId }, cancellationToken: Cancellation);
        var body = new MemoryStream();
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            call.ResponseStream.Current.Data.WriteTo(body);
        }

        return body.ToArray();
    }

    private async Task<string> QueuedAsync(byte[] body)
    {
        string? reason = null;
        await Eventually.TrueAsync(
            async () =>
            {
                while (await audit.Channel.BasicGetAsync(audit.DeadLetterQueue, autoAck: true, Cancellation) is { } message)
                {
                    if (message.Body.Span.SequenceEqual(body))
                    {
                        reason = Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers!["mainstay-reason"]!);
                    }
                }

                return reason is not null;
            },
            Cancellation);
        return reason!;
    }
}

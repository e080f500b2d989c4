using Google.Protobuf;
using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Tests.Mirror;
using Temporalio.Worker;

namespace Temporalio.Tests.Converters;

public sealed class CodecTests(MirrorServer server)
{
    [Fact]
    public async Task Codec_OfTheClient_CoversEveryPayloadBothWays()
    {
        var converter = DataConverter.Default with { PayloadCodec = new HidingCodec(), FailureConverter = new DefaultFailureConverter.WithEncodedCommonAttributes() };
        var client = await TemporalClient.ConnectAsync(new(server.Client.Connection.Options.TargetHost!) { DataConverter = converter });
        var queue = $"codec-{Guid.NewGuid():n}";
        var options = new TemporalWorkerOptions(queue).AddActivity([Activity("double")] (int number) => number < 100 ? number * 2 : throw new ApplicationFailureException("secret reason", nonRetryable: true));
        MirrorWorkflows.AddTo(options);
        using var worker = new TemporalWorker(client, options);
        await worker.ExecuteAsync(
            async () =>
            {
                var handle = await client.StartWorkflowAsync("updated", [], new(queue, queue) { Memo = new Dictionary<string, object> { ["note"] = "secret memo" } });
                Assert.Equal(8, (await handle.ExecuteUpdateAsync<Dictionary<string, int>>("change", [new { activity = "double", value = 4 }]))["value"] * 2);
                var failure = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<object>("change", [new { activity = "double", value = 100 }]));
                Assert.Equal("secret reason", failure.InnerException?.InnerException?.Message);
                await handle.SignalAsync("add", ["secret word"]);
                Assert.Contains("secret word", (await handle.QueryAsync<object>("state", [])).ToString(), StringComparison.Ordinal);
                await handle.SignalAsync("go", []);
                Assert.Contains("secret word", (await handle.GetResultAsync<object>()).ToString(), StringComparison.Ordinal);
                Assert.Equal("secret memo", await (await handle.DescribeAsync()).Memo["note"].ToValueAsync<string>());

                var history = (await server.Client.GetWorkflowHandle(queue).FetchHistoryAsync()).Events.Select(e => e.ToString());
                Assert.DoesNotContain(history, e => e.Contains("secret", StringComparison.Ordinal) || e.Contains(Convert.ToBase64String("\"secret word\""u8), StringComparison.Ordinal));
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>Turns every bit around.</summary>
    private sealed class HidingCodec : IPayloadCodec
    {
        public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>(
            [.. payloads.Select(payload => new Payload { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/hidden") }, Data = Turned(payload.ToByteString()) })]);

        public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => Task.FromResult<IReadOnlyCollection<Payload>>(
            [.. payloads.Select(payload => payload.Metadata["encoding"].ToStringUtf8() == "binary/hidden" ? Payload.Parser.ParseFrom(Turned(payload.Data)) : payload)]);

        private static ByteString Turned(ByteString bytes) => ByteString.CopyFrom([.. bytes.Select(b => (byte)~b)]);
    }
}

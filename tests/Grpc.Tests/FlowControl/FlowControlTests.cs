using Grpc.Core;
using Grpc.Tests.Hosting;
using Grpc.Tests.Interop;
using Grpc.Tests.Peers;

namespace Grpc.Tests.FlowControl;

/// <summary>Tests that measure the memory of the process run by themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Who reads slowly makes the writer wait, and costs it no memory.</summary>
[Collection(nameof(Alone))]
public sealed class FlowControlTests
{
    private const int MessageSize = 16 * 1024;
    private const int Messages = 4000;
    private const int FewMessages = 200;
    private const long LittleMemory = 24L * 1024 * 1024;

    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int written;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServerStream_OurReaderStandsStill_ServerWaitsAndThenSendsAll()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { ServerStream = WriteAllAsync });
        using var channel = server.CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var call = client.StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: Cancellation);
        await call.ResponseHeadersAsync;
        await CallOthersAsync(client);

        Assert.InRange(written, 1, FewMessages);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, LittleMemory);
        Assert.Equal(Messages, await call.ResponseStream.ReadAllAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task ServerStream_HandlerHintsAtBuffering_ServerWaitsAllTheSame()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService
        {
            ServerStream = (responses, context) =>
            {
                responses.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
                return WriteAllAsync(responses, context);
            },
        });
        using var channel = server.CreateChannel();
        var client = new TestService.TestServiceClient(channel);

        using var call = client.StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: Cancellation);
        await call.ResponseHeadersAsync;
        await CallOthersAsync(client);

        Assert.InRange(written, 1, FewMessages);
        Assert.Equal(Messages, await call.ResponseStream.ReadAllAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task ServerStream_GrpcJsReaderStandsStill_ServerWaitsAndThenSendsAll()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { ServerStream = WriteAllAsync });
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var reader = PeerProcess.Start("node", Path.Combine(PeerProcess.Directory, "client.js"), server.Target, "slow_reader");
        Assert.Equal("standing still", await reader.StandardOutput.ReadLineAsync(Cancellation));

        Assert.InRange(written, 1, Messages / 4);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, LittleMemory);
        reader.StandardInput.Close();
        Assert.Equal($$"""{"received":{{Messages}},"code":0}""", await reader.StandardOutput.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task ClientStream_OurServerStandsStill_ClientWaitsAndThenSendsAll()
    {
        await using var server = await TestServer.StartAsync(new ScriptedService { ClientStream = ReadOnceReleasedAsync });
        using var channel = server.CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var call = client.StreamingInputCall(cancellationToken: Cancellation);
        var writing = WriteAllAsync(call.RequestStream);
        await CallOthersAsync(client);

        Assert.InRange(written, 1, FewMessages);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, LittleMemory);
        release.SetResult();
        await writing;
        Assert.Equal(Messages * MessageSize, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task ClientStream_GrpcJsServerStandsStill_ClientWaitsAndIsLetGoByCancellation()
    {
        await using var server = await PeerServer.StartAsync("server.js", "{}");
        using var channel = Net.Client.GrpcChannel.ForAddress($"http://127.0.0.1:{server.Port}");
        var client = new TestService.TestServiceClient(channel);

        using var call = client.StreamingInputCall(new Metadata { { "x-read-nothing", "yes" } }, cancellationToken: Cancellation);
        var writing = WriteAllAsync(call.RequestStream);
        await CallOthersAsync(client);

        Assert.InRange(written, 1, Messages / 4);
        call.Dispose();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => writing)).StatusCode);
    }

    // Calls on the same connection: they prove that it flows, and give the writer every chance to write too much.
    private static async Task CallOthersAsync(TestService.TestServiceClient client)
    {
        for (var i = 0; i < 300; i++)
        {
            await client.EmptyCallAsync(new Empty(), cancellationToken: Cancellation);
        }
    }

    private async Task WriteAllAsync(IServerStreamWriter<StreamingOutputCallResponse> responses, ServerCallContext context)
    {
        for (var i = 0; i < Messages; i++)
        {
            await responses.WriteAsync(new StreamingOutputCallResponse { Payload = InteropService.Zeros(MessageSize) }, context.CancellationToken);
            Interlocked.Increment(ref written);
        }
    }

    private async Task WriteAllAsync(IClientStreamWriter<StreamingInputCallRequest> requests)
    {
        for (var i = 0; i < Messages; i++)
        {
            await requests.WriteAsync(new StreamingInputCallRequest { Payload = InteropService.Zeros(MessageSize) }, Cancellation);
            Interlocked.Increment(ref written);
        }

        await requests.CompleteAsync();
    }

    private async Task<StreamingInputCallResponse> ReadOnceReleasedAsync(IAsyncStreamReader<StreamingInputCallRequest> requests, ServerCallContext context)
    {
        await release.Task;
        var sum = 0;
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
        {
            sum += request.Payload.Body.Length;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = sum };
    }
}

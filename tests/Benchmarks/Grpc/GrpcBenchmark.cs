using Google.Protobuf;
using Grpc.Net.Client;
using Mainstay.Benchmarks.Harness;

namespace Mainstay.Benchmarks.Grpc;

/// <summary>Our gRPC client and server against those of @grpc/grpc-js, each client and each server a process of its own.</summary>
internal static class GrpcBenchmark
{
    private static readonly (string Name, int Bytes)[] Messages = [("empty", 0), ("1 KB", 1024)];
    private static readonly int[] Concurrencies = [1, 32];

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        await using var ourServer = await Companion.StartOwnAsync(EchoServer.Command, cancellationToken);
        await using var peerServer = await Companion.StartPeerAsync("echo-server.js", [Directories.GrpcPackages, Directories.Protos], cancellationToken);
        await using var peerClient = await Companion.StartPeerAsync("echo-client.js", [Directories.GrpcPackages, Directories.Protos, peerServer.FirstLine], cancellationToken);
        using var channel = GrpcChannel.ForAddress($"http://{ourServer.FirstLine}");
        var client = new Echo.EchoClient(channel);

        var contests =
            from message in Messages
            from concurrency in Concurrencies
            let request = new EchoMessage { Body = ByteString.CopyFrom(new byte[message.Bytes]) }
            select new Contest(
                $"unary {message.Name}, {concurrency} at once",
                () => Load.ForAsync(options.Duration, concurrency, () => client.SendAsync(request, cancellationToken: cancellationToken).ResponseAsync),
                () => peerClient.MeasureAsync(new { message.Bytes, concurrency, seconds = options.Duration.TotalSeconds }, cancellationToken),
                Metric.Rate("calls/s", 1),
                Metric.P50(1),
                Metric.P99(),
                Metric.Cpu());
        return Report.Print(
            "Grpc.Net.Client and Grpc.AspNetCore stand-ins", "@grpc/grpc-js client and server", await Measurement.RunAsync(contests, options, cancellationToken));
    }
}

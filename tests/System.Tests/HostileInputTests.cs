using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Mainstay.LocalStack.Auth;
using Mainstay.Testing;

namespace Mainstay.SystemTests;

/// <summary>Whatever is sent, every rpc answers it or says what is wrong with it.</summary>
[Collection(StackFixture.Collection)]
public sealed class HostileInputTests(StackFixture stack)
{
    private const int Requests = 60;

    // What peers take as trailers unless they are told otherwise: grpc-java 8 KiB, grpc-core and grpc-go as much or more.
    private const int MostTrailerBytes = 8192;

    // What is near enough to the real to get past the first check.
    private static readonly string[] Likely =
    [
        "demo", "1.2.3", "*", "-1", "../../etc/passwd", "{{#each x}}", "{\"$ref\":\"#\"}", "(((a+)+)+)+$", "\u202e\r\n\u001b[31m", "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV", "00000000-0000-0000-0000-000000000000",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly StatusCode[] NeverStated = [StatusCode.Internal, StatusCode.Unknown, StatusCode.Unimplemented, StatusCode.DataLoss];

    // What a slow machine may bring about.
    private static readonly StatusCode[] PassWithTime = [StatusCode.Unavailable, StatusCode.DeadlineExceeded];

    public static TheoryData<string> Services { get; } = [.. Contracts.Services.Select(service => service.FullName)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task EveryRpc_HostileRequest_IsAnsweredOrRefusedWithAReason(string name)
    {
        var service = Contracts.Services.Single(one => one.FullName == name);
        var findings = new ConcurrentQueue<string>();
        using var channel = GrpcChannel.ForAddress($"http://{stack.Address(Contracts.Host(service))}");
        foreach (var role in new[] { "admin", "service" })
        {
            var token = stack.Environment.MintToken(new TokenRequest { Role = role, Scope = "skills:publish agents:register tasks:run tasks:approve audit:read audit:read_all" });
            await Parallel.ForEachAsync(service.Methods, TestContext.Current.CancellationToken, async (method, cancellationToken) =>
            {
                for (var number = 0; number < Requests; number++)
                {
                    var request = new RandomMessages((method.Index * Requests) + number, Likely).Next(method.InputType);
                    var failure = await CallAsync(channel, method, request, new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken);
                    if (failure is not null && Finding(failure) is { } finding)
                    {
                        findings.Enqueue($"{method.FullName} as {role}, request {number.ToString(CultureInfo.InvariantCulture)}, {finding}: {failure.Status}");
                    }
                }
            });
        }

        Assert.True(findings.IsEmpty, string.Join('\n', findings));
    }

    private static string? Finding(RpcException failure) =>
        failure.Status.DebugException is not null ? "no answer"
        : NeverStated.Contains(failure.StatusCode) ? "not stated"
        : PassWithTime.Contains(failure.StatusCode) ? null
        : failure.Trailers.Sum(entry => entry.Key.Length + entry.ValueBytes.Length) is var size && size > MostTrailerBytes ? $"{size} bytes of trailers"
        : failure.GetRpcStatus()?.GetDetail<ErrorInfo>() is null ? "no reason"
        : null;

    private static async Task<RpcException?> CallAsync(GrpcChannel channel, MethodDescriptor method, IMessage request, Metadata headers, CancellationToken cancellationToken)
    {
        var bytes = Marshallers.Create((byte[] value) => value, value => value);
        var type = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var rpc = new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, bytes, bytes);
        var options = new CallOptions(headers, TimeProvider.System.GetUtcNow().UtcDateTime + Patience, cancellationToken);
        try
        {
            if (type == MethodType.Unary)
            {
                await channel.CreateCallInvoker().AsyncUnaryCall(rpc, null, options, request.ToByteArray());
                return null;
            }

            // A stream that was begun is enough: some never end.
            using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(rpc, null, options, request.ToByteArray());
            await call.ResponseStream.MoveNext(cancellationToken);
            return null;
        }
        catch (RpcException failure)
        {
            return failure;
        }
    }
}

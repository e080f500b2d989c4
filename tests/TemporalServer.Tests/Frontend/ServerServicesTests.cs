using System.Text;
using Grpc.Core;
using Grpc.Net.Client;

namespace TemporalServer.Tests.Frontend;

/// <summary>What tools ask any gRPC server: whether it is well, and what it serves.</summary>
public sealed class ServerServicesTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static Marshaller<byte[]> Raw { get; } = Marshallers.Create(bytes => bytes, bytes => bytes);

    [Theory]
    [InlineData("")]
    [InlineData("temporal.api.workflowservice.v1.WorkflowService")]
    public async Task Health_OfTheServerAndOfItsService_IsServing(string service)
    {
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var check = new Method<byte[], byte[]>(MethodType.Unary, "grpc.health.v1.Health", "Check", Raw, Raw);
        byte[] request = service.Length == 0 ? [] : [0x0A, (byte)service.Length, .. Encoding.ASCII.GetBytes(service)];
        var answer = await channel.CreateCallInvoker().AsyncUnaryCall(check, null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), request);
        Assert.Equal("0801", Convert.ToHexString(answer));
    }

    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var channel = GrpcChannel.ForAddress($"http://{server.Address}");
        var info = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "grpc.reflection.v1alpha.ServerReflection", "ServerReflectionInfo", Raw, Raw);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(info, null, new CallOptions(cancellationToken: cancellationToken));

        // list_services, with an empty text.
        await call.RequestStream.WriteAsync([0x3A, 0x00], cancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(cancellationToken));
        var answer = Encoding.ASCII.GetString(call.ResponseStream.Current);
        Assert.Contains("temporal.api.workflowservice.v1.WorkflowService", answer, StringComparison.Ordinal);
        Assert.Contains("temporal.api.operatorservice.v1.OperatorService", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("TestService", answer, StringComparison.Ordinal);
        await call.RequestStream.CompleteAsync();
    }
}

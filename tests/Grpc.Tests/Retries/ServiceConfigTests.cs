using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Grpc.Tests.Retries;

/// <summary>A service config that makes no sense is refused when the channel is made.</summary>
public sealed class ServiceConfigTests
{
    [Theory]
    [InlineData(1, 1, 1, 1d, "Retry policy max attempts must be greater than 1.")]
    [InlineData(2, 0, 1, 1d, "Retry policy initial backoff must be greater than zero.")]
    [InlineData(2, 1, 0, 1d, "Retry policy maximum backoff must be greater than zero.")]
    [InlineData(2, 1, 1, 0d, "Retry policy backoff multiplier must be greater than 0.")]
    public void ForAddress_PolicyOutOfRange_Refuses(int attempts, int initialBackoff, int maxBackoff, double multiplier, string expected)
    {
        var policy = new RetryPolicy
        {
            MaxAttempts = attempts,
            InitialBackoff = TimeSpan.FromSeconds(initialBackoff),
            MaxBackoff = TimeSpan.FromSeconds(maxBackoff),
            BackoffMultiplier = multiplier,
            RetryableStatusCodes = { StatusCode.Unavailable },
        };

        Assert.Equal(expected, Refuse(new ServiceConfig { MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = policy } } }));
    }

    [Fact]
    public void ForAddress_NoRetryableCode_Refuses()
    {
        var policy = new RetryPolicy { MaxAttempts = 2, InitialBackoff = TimeSpan.FromSeconds(1), MaxBackoff = TimeSpan.FromSeconds(1), BackoffMultiplier = 1 };

        Assert.Equal(
            "Retry policy retryable status codes must be non-empty.",
            Refuse(new ServiceConfig { MethodConfigs = { new MethodConfig { Names = { MethodName.Default }, RetryPolicy = policy } } }));
    }

    [Fact]
    public void ForAddress_SameNameTwice_Refuses() => Assert.StartsWith(
        "Duplicate method config",
        Refuse(new ServiceConfig { MethodConfigs = { new MethodConfig { Names = { MethodName.Default, new MethodName() } } } }));

    [Fact]
    public void ForAddress_MethodWithoutService_Refuses() => Assert.StartsWith(
        "Invalid method config name",
        Refuse(new ServiceConfig { MethodConfigs = { new MethodConfig { Names = { new MethodName { Method = "UnaryCall" } } } } }));

    private static string Refuse(ServiceConfig config) => Assert.Throws<InvalidOperationException>(
        () => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { ServiceConfig = config })).Message;
}

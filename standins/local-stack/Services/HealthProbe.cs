using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Mainstay.LocalStack.Services;

/// <summary>Asks services whether they are ready.</summary>
internal static class HealthProbe
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Says whether <c>/health/ready</c> answers 200.</summary>
    public static async Task<bool> IsReadyAsync(int httpPort, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{httpPort}/health/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Says whether the health service of a Temporal server answers SERVING.</summary>
    public static async Task<bool> IsServingAsync(string address, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress($"http://{address}");
        try
        {
            var response = await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest(),
                deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2),
                cancellationToken: cancellationToken);
            return response.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

using Grpc.Core;
using Grpc.Net.Client.Configuration;

namespace Grpc.Net.Client.Internal.Retry;

/// <summary>The retry policies of a channel, by the methods that they are for.</summary>
internal sealed class RetryPolicies
{
    private readonly Dictionary<(string? Service, string? Method), RetrySettings?> byName = [];

    public RetryPolicies(ServiceConfig? config, int? maxRetryAttempts)
    {
        foreach (var method in config?.MethodConfigs ?? [])
        {
            var settings = method.RetryPolicy is { } policy ? RetrySettings.Create(policy, maxRetryAttempts) : null;
            foreach (var name in method.Names)
            {
                Add(name, settings);
            }
        }
    }

    /// <summary>The policy of a method: its own, else its service's, else that of all.</summary>
    public RetrySettings? For(IMethod method) =>
        byName.Count > 0
        && (byName.TryGetValue((method.ServiceName, method.Name), out var settings)
            || byName.TryGetValue((method.ServiceName, null), out settings)
            || byName.TryGetValue((null, null), out settings))
            ? settings
            : null;

    private void Add(MethodName name, RetrySettings? settings)
    {
        var service = string.IsNullOrEmpty(name.Service) ? null : name.Service;
        var method = string.IsNullOrEmpty(name.Method) ? null : name.Method;
        if (service is null && method is not null)
        {
            throw new InvalidOperationException($"Invalid method config name: a service must be given with the method '{method}'.");
        }

        if (!byName.TryAdd((service, method), settings))
        {
            throw new InvalidOperationException($"Duplicate method config found. Service: '{service}', method: '{method}'.");
        }
    }
}

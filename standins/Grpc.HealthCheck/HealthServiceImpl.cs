using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.HealthCheck;

/// <summary>Answers health checks from statuses that the application sets.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ServingStatus> statuses = [];
    private readonly Dictionary<string, List<ChannelWriter<ServingStatus>>> watchers = [];

    /// <summary>Sets a service's status and tells whoever watches it.</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        lock (gate)
        {
            if (statuses.TryGetValue(service, out var former) && former == status)
            {
                return;
            }

            statuses[service] = status;
            Tell(service, status);
        }
    }

    /// <summary>Forgets a service.</summary>
    public void ClearStatus(string service)
    {
        lock (gate)
        {
            if (statuses.Remove(service))
            {
                Tell(service, ServingStatus.ServiceUnknown);
            }
        }
    }

    /// <summary>Forgets every service.</summary>
    public void ClearAll()
    {
        lock (gate)
        {
            foreach (var service in statuses.Keys.ToList())
            {
                ClearStatus(service);
            }
        }
    }

    /// <inheritdoc />
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (gate)
        {
            return statuses.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, ""));
        }
    }

    /// <inheritdoc />
    public override Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context) =>
        WatchAsync(request, responseStream, context.CancellationToken);

    internal async Task WatchAsync(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, CancellationToken cancellationToken)
    {
        // A slow watcher gets the newest status, not every one in between.
        var changes = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            changes.Writer.TryWrite(statuses.GetValueOrDefault(request.Service, ServingStatus.ServiceUnknown));
            (watchers.TryGetValue(request.Service, out var list) ? list : watchers[request.Service] = []).Add(changes.Writer);
        }

        try
        {
            await foreach (var status in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (gate)
            {
                var remaining = watchers[request.Service];
                remaining.Remove(changes.Writer);
                if (remaining.Count == 0)
                {
                    watchers.Remove(request.Service);
                }
            }
        }
    }

    private void Tell(string service, ServingStatus status)
    {
        if (watchers.TryGetValue(service, out var list))
        {
            foreach (var watcher in list)
            {
                watcher.TryWrite(status);
            }
        }
    }
}

using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds gRPC health checks.</summary>
    public static class GrpcHealthChecksServiceExtensions
    {
        /// <summary>Adds the gRPC health service, fed by the application's health checks.</summary>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services) => services.AddGrpcHealthChecks(_ => { });

        /// <summary>Adds the gRPC health service, fed by the application's health checks.</summary>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services, Action<GrpcHealthChecksOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.AddGrpc();
            services.TryAddSingleton<HealthServiceImpl>();
            services.TryAddSingleton<HealthServiceIntegration>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, HealthPublisher>());
            services.Configure<HealthCheckPublisherOptions>(options => options.Delay = TimeSpan.Zero);
            services.Configure<GrpcHealthChecksOptions>(options => options.Services.Map("", _ => true));
            services.Configure(configure);
            return services.AddHealthChecks();
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps gRPC health checks.</summary>
    public static class GrpcHealthChecksEndpointRouteBuilderExtensions
    {
        /// <summary>Maps the gRPC health service.</summary>
        public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(this IEndpointRouteBuilder builder) =>
            builder.MapGrpcService<HealthServiceIntegration>();
    }
}

namespace Grpc.AspNetCore.HealthChecks
{
    /// <summary>Which health checks make up which service's status.</summary>
    public sealed class GrpcHealthChecksOptions
    {
        /// <summary>The services that can be asked about; "" is the whole server.</summary>
        public ServiceMappingCollection Services { get; } = [];

        /// <summary>Whether calls of Watch outlast the beginning of a shutdown; by default they end then, with NOT_SERVING.</summary>
        public bool SuppressCompletionOnShutdown { get; set; }
    }

    /// <summary>A health check as a mapping sees it.</summary>
    public sealed class HealthCheckMapContext
    {
        internal HealthCheckMapContext(string name, IEnumerable<string> tags)
        {
            Name = name;
            Tags = tags;
        }

        /// <summary>The check's name.</summary>
        public string Name { get; }

        /// <summary>The check's tags.</summary>
        public IEnumerable<string> Tags { get; }
    }

    /// <summary>A service and the health checks that make up its status.</summary>
    public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        /// <summary>The service's name.</summary>
        public string Name { get; } = name;

        internal Func<HealthCheckMapContext, bool> Predicate { get; } = predicate;
    }

    /// <summary>Services and the health checks that make up their status.</summary>
    public sealed class ServiceMappingCollection : System.Collections.ObjectModel.KeyedCollection<string, ServiceMapping>
    {
        /// <summary>Sets the health checks that make up a service's status.</summary>
        public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
        {
            Remove(name);
            Add(new ServiceMapping(name, predicate));
        }

        /// <inheritdoc />
        protected override string GetKeyForItem(ServiceMapping item) => item.Name;
    }

    /// <summary>Runs the health checks when it is asked, so that an answer is never older than the question.</summary>
    internal sealed class HealthServiceIntegration(
        HealthServiceImpl health, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime)
        : Grpc.Health.V1.Health.HealthBase
    {
        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            await RefreshAsync(request.Service, context.CancellationToken);
            return await health.Check(request, context);
        }

        public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
        {
            await RefreshAsync(request.Service, context.CancellationToken);
            var shutdown = options.Value.SuppressCompletionOnShutdown ? CancellationToken.None : lifetime.ApplicationStopping;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, shutdown);
            try
            {
                await health.WatchAsync(request, responseStream, end.Token);
            }
            catch (OperationCanceledException) when (shutdown.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
            }
        }

        private async Task RefreshAsync(string service, CancellationToken cancellationToken)
        {
            if (options.Value.Services.TryGetValue(service, out var mapping))
            {
                var report = await checks.CheckHealthAsync(check => mapping.Predicate(new HealthCheckMapContext(check.Name, check.Tags)), cancellationToken);
                health.SetStatus(service, report.Status == HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving);
            }
        }
    }

    /// <summary>Tells whoever watches when the application's own rounds of checks find a change.</summary>
    internal sealed class HealthPublisher(HealthServiceImpl health, IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
    {
        public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
        {
            foreach (var mapping in options.Value.Services)
            {
                var unhealthy = report.Entries.Any(entry =>
                    mapping.Predicate(new HealthCheckMapContext(entry.Key, entry.Value.Tags)) && entry.Value.Status == HealthStatus.Unhealthy);
                health.SetStatus(mapping.Name, unhealthy ? ServingStatus.NotServing : ServingStatus.Serving);
            }

            return Task.CompletedTask;
        }
    }
}

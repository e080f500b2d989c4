using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Maps each method that a generated binder names to an endpoint.</summary>
internal sealed class ServiceEndpointBinder<TService>(IEndpointRouteBuilder routes, MethodSettings settings) : ServiceBinderBase
    where TService : class
{
    private readonly HashSet<string> serviceNames = [];

    public List<IEndpointConventionBuilder> Conventions { get; } = [];

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, [typeof(TRequest), typeof(ServerCallContext)]);
        Map(method, new UnaryCallHandler<TService, TRequest, TResponse>(method, settings, implementation).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, [typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext)]);
        Map(method, new ClientStreamingCallHandler<TService, TRequest, TResponse>(method, settings, implementation).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, [typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)]);
        Map(method, new ServerStreamingCallHandler<TService, TRequest, TResponse>(method, settings, implementation).HandleAsync);
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, [typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext)]);
        Map(method, new DuplexStreamingCallHandler<TService, TRequest, TResponse>(method, settings, implementation).HandleAsync);
    }

    /// <summary>Answers UNIMPLEMENTED for the unknown methods of this service and, once an application, for unknown services.</summary>
    public void MapUnimplemented()
    {
        foreach (var serviceName in serviceNames)
        {
            MapUnimplemented($"/{serviceName}/{{unimplementedMethod}}", "Method is unimplemented.", $"gRPC - Unimplemented method for {serviceName}");
        }

        var mapped = routes.ServiceProvider.GetRequiredService<GrpcMarkerService>();
        if (mapped.ClaimUnknownServices(routes))
        {
            MapUnimplemented("/{unimplementedService}/{unimplementedMethod}", "Service is unimplemented.", "gRPC - Unimplemented service");
        }
    }

    private void MapUnimplemented(string pattern, string message, string displayName)
    {
        var endpoint = routes.Map(RoutePatternFactory.Parse(pattern), context => Unimplemented.AnswerAsync(context, message));
        endpoint.Add(builder =>
        {
            builder.DisplayName = displayName;
            builder.Metadata.Add(new HttpMethodMetadata(["POST"]));
            ((RouteEndpointBuilder)builder).Order = int.MaxValue - 1;
        });
    }

    private void Map<TRequest, TResponse>(Method<TRequest, TResponse> method, RequestDelegate handler)
    {
        serviceNames.Add(method.ServiceName);
        var attributes = MethodOf(method)?.GetCustomAttributes(inherit: true) ?? [];
        var endpoint = routes.Map(RoutePatternFactory.Parse(method.FullName), handler);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {method.FullName}";
            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
            foreach (var attribute in typeof(TService).GetCustomAttributes(inherit: true).Concat(attributes))
            {
                builder.Metadata.Add(attribute);
            }

            builder.Metadata.Add(new HttpMethodMetadata(["POST"]));
        });
        Conventions.Add(endpoint);
    }

    private static MethodInfo? MethodOf(IMethod method) =>
        typeof(TService).GetMethods(BindingFlags.Public | BindingFlags.Instance).FirstOrDefault(candidate => candidate.Name == method.Name);

    private static TDelegate Implementation<TDelegate>(IMethod method, Type[] parameters)
        where TDelegate : Delegate =>
        typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters) is { } found
            ? found.CreateDelegate<TDelegate>()
            : throw new InvalidOperationException($"Error binding {typeof(TService).FullName}: could not find '{method.Name}'.");
}

using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Reflection;
using Grpc.Core;
using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds gRPC reflection.</summary>
    public static class GrpcReflectionServiceExtensions
    {
        /// <summary>Adds gRPC reflection for every mapped service.</summary>
        public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.AddGrpc();
            services.TryAddSingleton<MappedServices>();
            services.TryAddSingleton(provider => provider.GetRequiredService<MappedServices>().Alpha());
            services.TryAddSingleton(provider => provider.GetRequiredService<MappedServices>().V1());
            return services;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps gRPC reflection.</summary>
    public static class GrpcReflectionEndpointRouteBuilderExtensions
    {
        /// <summary>Maps reflection v1 and v1alpha.</summary>
        public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            var alpha = builder.MapGrpcService<ReflectionServiceImpl>();
            var v1 = builder.MapGrpcService<ReflectionV1ServiceImpl>();
            return new BothConventions(alpha, v1);
        }

        private sealed class BothConventions(IEndpointConventionBuilder first, IEndpointConventionBuilder second) : IEndpointConventionBuilder
        {
            public void Add(Action<EndpointBuilder> convention)
            {
                first.Add(convention);
                second.Add(convention);
            }
        }
    }
}

namespace Grpc.AspNetCore.Server.Reflection
{
    /// <summary>Reads which services are mapped from the application's endpoints.</summary>
    internal sealed class MappedServices(EndpointDataSource endpoints)
    {
        public ReflectionServiceImpl Alpha()
        {
            var found = Find();
            return new ReflectionServiceImpl(found.Select(service => service.FullName), SymbolRegistry.FromFiles(found.Select(service => service.File)));
        }

        public ReflectionV1ServiceImpl V1()
        {
            var found = Find();
            return new ReflectionV1ServiceImpl(found.Select(service => service.FullName), SymbolRegistry.FromFiles(found.Select(service => service.File)));
        }

        private List<ServiceDescriptor> Find() =>
        [
            .. endpoints.Endpoints
                .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
                .OfType<Type>()
                .Distinct()
                .Select(Descriptor)
                .OfType<ServiceDescriptor>()
                .OrderBy(service => service.FullName, StringComparer.Ordinal),
        ];

        // The generated type around the generated base class has the service's descriptor; a derived class may bind its methods in a way of its own.
        private static ServiceDescriptor? Descriptor(Type? type)
        {
            for (; type is not null; type = type.BaseType)
            {
                if (type.DeclaringType?.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is ServiceDescriptor descriptor
                    && type.IsDefined(typeof(BindServiceMethodAttribute), inherit: false))
                {
                    return descriptor;
                }
            }

            return null;
        }
    }
}

using System.IO.Compression;
using Grpc.Net.Compression;
using Grpc.Net.Internal;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The options of one service, with what it does not set taken from those of all services.</summary>
internal sealed class MethodSettings
{
    public required int? MaxReceiveMessageSize { get; init; }

    public required int? MaxSendMessageSize { get; init; }

    public required bool DetailedErrors { get; init; }

    public required string? ResponseEncoding { get; init; }

    public required CompressionLevel? ResponseLevel { get; init; }

    public required IReadOnlyDictionary<string, ICompressionProvider> Compressions { get; init; }

    public required string AcceptEncoding { get; init; }

    public required IReadOnlyList<InterceptorRegistration> Interceptors { get; init; }

    public static MethodSettings Create(GrpcServiceOptions all, GrpcServiceOptions service)
    {
        var providers = service.CompressionProviders.Concat(all.CompressionProviders).DistinctBy(provider => provider.EncodingName).ToList();
        var compressions = MessageCompression.ByName(providers.Count == 0 ? null : providers);
        return new MethodSettings
        {
            MaxReceiveMessageSize = service.MaxReceiveMessageSizeSpecified ? service.MaxReceiveMessageSize : all.MaxReceiveMessageSize,
            MaxSendMessageSize = service.MaxSendMessageSizeSpecified ? service.MaxSendMessageSize : all.MaxSendMessageSize,
            DetailedErrors = service.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false,
            ResponseEncoding = service.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm,
            ResponseLevel = service.ResponseCompressionLevel ?? all.ResponseCompressionLevel,
            Compressions = compressions,
            AcceptEncoding = string.Join(',', compressions.Keys.Prepend(GrpcProtocol.Identity)),
            Interceptors = [.. all.Interceptors, .. service.Interceptors],
        };
    }
}

using Grpc.Tests.Interop;

namespace Grpc.Tests.Peers;

/// <summary>The standard cases, our client against a server of @grpc/grpc-js.</summary>
public sealed class GrpcJsServerTests(GrpcJsServer server) : InteropCases(server.Channel), IClassFixture<GrpcJsServer>;

/// <summary>The standard cases, our client against a server of Debian's python3-grpcio.</summary>
public sealed class GrpcioServerTests(GrpcioServer server) : InteropCases(server.Channel), IClassFixture<GrpcioServer>;

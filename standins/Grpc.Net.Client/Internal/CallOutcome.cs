using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>How a call ended: by this side, by the transport, or by the server's answer.</summary>
internal sealed record CallOutcome(Status Status, Metadata Trailers, bool IsLocal, bool IsAnswer = false);

using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>How a call ended, and whether this side ended it.</summary>
internal sealed record CallOutcome(Status Status, Metadata Trailers, bool IsLocal);

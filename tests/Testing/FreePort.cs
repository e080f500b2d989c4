using Mainstay.LocalStack.Processes;

namespace Mainstay.Testing;

/// <summary>A port for a process that a test starts.</summary>
public static class FreePort
{
    /// <summary>A port that nobody listens on and that was not given before.</summary>
    public static int Next() => FreePorts.Take(1)[0];
}

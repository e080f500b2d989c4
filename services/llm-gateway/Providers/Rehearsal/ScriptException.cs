namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>A script cannot be played; the message names the file, the line and the key.</summary>
internal sealed class ScriptException(string message) : Exception(message);

namespace Mainstay.LlmGateway.Providers;

/// <summary>Estimates tokens where a provider does not count them: four characters to a token, rounded up.</summary>
internal static class TokenEstimate
{
    private const int CharactersPerToken = 4;

    public static long Of(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}

namespace Mainstay.Audit.Sinks.Files;

/// <summary>Looks at the end of a file of lines.</summary>
internal static class FileTail
{
    private const int BlockSize = 64 * 1024;

    /// <summary>How long the file is without a last line that a crash cut off; such a line was never counted as delivered.</summary>
    public static long WholeLines(Stream stream)
    {
        var block = new byte[BlockSize];
        for (var end = stream.Length; end > 0;)
        {
            var start = Math.Max(0, end - BlockSize);
            stream.Position = start;
            stream.ReadExactly(block, 0, (int)(end - start));
            var newline = block.AsSpan(0, (int)(end - start)).LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                return start + newline + 1;
            }

            end = start;
        }

        return 0;
    }
}

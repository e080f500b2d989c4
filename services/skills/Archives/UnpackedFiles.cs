namespace Mainstay.Skills.Archives;

/// <summary>Files taken from an archive, as many and as large as is allowed, under paths that lead nowhere else.</summary>
internal sealed class UnpackedFiles(int mostFiles, int mostBytes)
{
    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private long bytes;

    /// <summary>Reads one file; what an archive says of its size is not believed.</summary>
    public void Add(string path, Stream content)
    {
        var name = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        if (!IsWithin(name))
        {
            throw SkillErrors.ArchiveInvalid($"archive/{path}", "must have a path within the folder: no '..', no leading '/', no '\\' and no drive");
        }

        if (files.Count >= mostFiles)
        {
            throw SkillErrors.ArchiveInvalid("archive", $"holds more than {mostFiles} files");
        }

        var buffer = new byte[16 * 1024];
        using var file = new MemoryStream();
        while (content.Read(buffer) is > 0 and var got)
        {
            bytes += got;
            if (bytes > mostBytes)
            {
                throw SkillErrors.ArchiveInvalid($"archive/{path}", $"makes the archive unpack to more than {mostBytes / 1024 / 1024} MiB");
            }

            file.Write(buffer, 0, got);
        }

        if (!files.TryAdd(name, file.ToArray()))
        {
            throw SkillErrors.ArchiveInvalid($"archive/{path}", "is there twice");
        }
    }

    /// <summary>The files; where one folder holds them all, as archivers like to have it, by their paths within it.</summary>
    public IReadOnlyDictionary<string, byte[]> WithoutFolder()
    {
        var folders = files.Keys.Select(path => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? path[..(end + 1)] : "").Distinct().ToList();
        return folders is [{ Length: > 0 } folder] ? files.ToDictionary(file => file.Key[folder.Length..], file => file.Value, StringComparer.Ordinal) : files;
    }

    private static bool IsWithin(string path) =>
        path.Length > 0 && !path.StartsWith('/') && !path.Any(character => character is '\\' or ':' || char.IsControl(character))
        && !path.Split('/').Any(part => part is "" or "." or "..");
}

import CLibcurl

/// How the process's heap is told to behave where bodies come and go by the thousand.
public enum HeapTuning {
    /// For the start of a program, before its threads. By itself glibc gives back what is free at the end of a heap from 128 KB on
    /// and gets it again, page by page, for the next body: 44 µs of CPU for a feed of 20 KB on a kept connection, 35 µs with this.
    /// What is kept back is at most so much for each heap.
    public static func apply() {
        _ = feedwatch_heap_option(M_TRIM_THRESHOLD, 8 << 20)
        _ = feedwatch_heap_option(M_TOP_PAD, 1 << 20)
        // Setting one of them ends glibc's own fitting of this: bodies of some hundred KB would be mapped and unmapped each time.
        _ = feedwatch_heap_option(M_MMAP_THRESHOLD, 4 << 20)
    }
}

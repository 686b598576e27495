// Products of a few rows with a large matrix, for row_kernels.inl alone: included inside its namespace, under
// its rule that nothing of another header may be called.
//
// BLAS copies both factors into an order of its own first. With a few rows that costs more than the product:
// here the large factor is read once, where it lies, and the sums stay in registers.

#ifdef __AVX2__
constexpr std::size_t kWidth = 8;
#else
constexpr std::size_t kWidth = 4;
#endif
/// As wide as a register. Numbers lie at any address: they are copied, which costs nothing. (A vector type of
/// lesser alignment keeps it with GCC, and loses it behind a reference with Clang 14.)
using Vector [[gnu::vector_size(kWidth * sizeof(float))]] = float;

inline Vector vectorAt(const float* x) {
    Vector vector;
    __builtin_memcpy(&vector, x, sizeof vector);
    return vector;
}
inline void storeVector(float* x, Vector vector) {
    __builtin_memcpy(x, &vector, sizeof vector);
}

constexpr std::size_t kPanel = 256, kSumRows = 16;  ///< as many sums as the first cache holds beside the rest

/// c += a·b for P rows of b, `cols` columns. `next`: how many rows of b come after these.
template <std::size_t P>
inline void addRowsOfProduct(const float* a, std::size_t lda, std::size_t rows, const float* b,
                             std::size_t ldb, std::size_t next, float* c, std::size_t ldc, std::size_t cols) {
    float factorsOf[kSumRows][P];  // a's rows, too, may lie so that they drive each other out of the cache
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t p = 0; p < P; ++p) factorsOf[r][p] = a[r * lda + p];
    }
    std::size_t j = 0;
    for (; j + kWidth <= cols; j += kWidth) {
        Vector factors[P];
        for (std::size_t p = 0; p < P; ++p) factors[p] = vectorAt(b + p * ldb + j);
        // Rows lie pages apart, which no processor foresees.
        for (std::size_t p = 0; p < next; ++p) __builtin_prefetch(b + (P + p) * ldb + j);
        for (std::size_t r = 0; r < rows; ++r) {
            Vector sum = vectorAt(c + r * ldc + j);
            for (std::size_t p = 0; p < P; ++p) sum += factorsOf[r][p] * factors[p];
            storeVector(c + r * ldc + j, sum);
        }
    }
    for (; j < cols; ++j) {
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t p = 0; p < P; ++p) c[r * ldc + j] += factorsOf[r][p] * b[p * ldb + j];
        }
    }
}

/// c = a·b for at most kSumRows rows and kPanel columns. The sums are kept apart from c, whose rows may lie
/// so that they drive each other out of the cache.
inline void panelOfProduct(const float* a, std::size_t lda, std::size_t rows, const float* b, std::size_t ldb,
                           float* c, std::size_t ldc, std::size_t cols, std::size_t k) {
    constexpr std::size_t kDepth = 8;  // rows of b at a time, each in a register
    float sums[kSumRows * kPanel];
    for (std::size_t i = 0; i < rows * kPanel; ++i) sums[i] = 0.0F;
    std::size_t p = 0;
    for (; p + kDepth <= k; p += kDepth) {
        const std::size_t left = k - p - kDepth;
        addRowsOfProduct<kDepth>(a + p, lda, rows, b + p * ldb, ldb, left < kDepth ? left : kDepth, sums,
                                 kPanel, cols);
    }
    for (; p < k; ++p) addRowsOfProduct<1>(a + p, lda, rows, b + p * ldb, ldb, 0, sums, kPanel, cols);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t l = 0; l < cols; ++l) c[r * ldc + l] = sums[r * kPanel + l];
    }
}

/// c[r][j] = Σ_p a[r][p]·b[j][p] for R rows of a and J rows of b.
template <std::size_t R, std::size_t J>
inline void dotsOfProduct(const float* a, std::size_t lda, const float* b, std::size_t ldb, float* c,
                          std::size_t ldc, std::size_t k) {
    Vector sums[R][J] = {};
    std::size_t p = 0;
    for (; p + kWidth <= k; p += kWidth) {
        Vector columns[J];
        for (std::size_t j = 0; j < J; ++j) columns[j] = vectorAt(b + j * ldb + p);
        for (std::size_t r = 0; r < R; ++r) {
            const Vector row = vectorAt(a + r * lda + p);
            for (std::size_t j = 0; j < J; ++j) sums[r][j] += row * columns[j];
        }
    }
    for (std::size_t r = 0; r < R; ++r) {
        for (std::size_t j = 0; j < J; ++j) {
            float sum = 0;
            for (std::size_t l = 0; l < kWidth; ++l) sum += sums[r][j][l];
            for (std::size_t q = p; q < k; ++q) sum += a[r * lda + q] * b[j * ldb + q];
            c[r * ldc + j] = sum;
        }
    }
}

template <std::size_t N>
struct Constant {
    static constexpr std::size_t value = N;
};

/// Calls block(r, the number of rows as a constant) for runs of at most `Most` rows.
template <std::size_t Most, typename Block>
inline void forRowBlocks(std::size_t rows, const Block& block) {
    std::size_t r = 0;
    for (; r + Most <= rows; r += Most) block(r, Constant<Most>{});
    if constexpr (Most > 1) {
        const auto rest = [&](std::size_t at, auto constant) { block(r + at, constant); };
        if (r < rows) forRowBlocks<Most / 2>(rows - r, rest);
    }
}

void fewRows(const float* a, std::size_t lda, std::size_t rows, const float* b, std::size_t ldb,
             bool transposed, float* c, std::size_t ldc, std::size_t n, std::size_t k) {
    std::size_t j = 0;
    if (transposed) {
        for (; j + 3 <= n; j += 3) {
            forRowBlocks<4>(rows, [&](std::size_t r, auto count) {
                dotsOfProduct<decltype(count)::value, 3>(a + r * lda, lda, b + j * ldb, ldb, c + r * ldc + j,
                                                         ldc, k);
            });
        }
        for (; j < n; ++j) {
            for (std::size_t r = 0; r < rows; ++r)
                dotsOfProduct<1, 1>(a + r * lda, lda, b + j * ldb, ldb, c + r * ldc + j, ldc, k);
        }
        return;
    }
    for (; j < n; j += kPanel) {
        const std::size_t cols = n - j < kPanel ? n - j : kPanel;
        for (std::size_t r = 0; r < rows; r += kSumRows) {
            const std::size_t count = rows - r < kSumRows ? rows - r : kSumRows;
            panelOfProduct(a + r * lda, lda, count, b + j, ldb, c + r * ldc + j, ldc, cols, k);
        }
    }
}
